import { Controller, Get, Param, Query } from '@nestjs/common';
import { Caller, Scopes } from '@bff/auth';
import { CatalogClient, OrdersClient } from '@bff/clients';
import { Renders } from '@bff/views';
import { OrderDetails, OrderList, OrderQuery } from './orders.view.js';
import { loadOrderDetails } from './load-order-details.js';

const pageSize = 20;

@Controller('api/orders')
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
      found: () => this.orders.list(me.id, { limit: pageSize, ...query }),
      orders: async ({ need }) => {
        const { orders } = await need('found');
        return orders.map((order) => ({ ...order, items: order.lines.length }));
      },
      nextCursor: async ({ need }) => (await need('found')).nextCursor || null,
    });
  }

  @Get(':id')
  @Scopes('orders:read')
  @Renders(OrderDetails)
  order(@Caller() me: Caller, @Param('id') id: string) {
    return loadOrderDetails(this.catalog, () => this.orders.get(me.id, id));
  }
}
