import { Controller, Get, Param, Query } from '@nestjs/common';
import { Caller, Scopes } from '@bff/auth';
import { CatalogClient, OrdersClient } from '@bff/clients';
import { Renders } from '@bff/views';
import { loadOrderDetails } from './load-order-details.js';
import { OrderDetails, OrderList, OrderQuery } from './orders.view.js';

@Controller('v1/orders')
export class OrdersController {
  constructor(
    private readonly orders: OrdersClient,
    private readonly catalog: CatalogClient,
  ) {}

  @Get()
  @Scopes('orders:read')
  @Renders(OrderList)
  list(@Caller() me: Caller, @Query({ schema: OrderQuery }) query: OrderQuery) {
    return OrderList.load({
      found: () => this.orders.list(me.id, query),
      orders: async ({ need }) => (await need('found')).orders,
      next: async ({ need }) => (await need('found')).nextCursor || null,
    });
  }

  @Get(':id')
  @Scopes('orders:read')
  @Renders(OrderDetails)
  order(@Caller() me: Caller, @Param('id') id: string) {
    return loadOrderDetails(this.catalog, () => this.orders.get(me.id, id));
  }
}
