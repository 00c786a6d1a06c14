import { Controller, Get, Param, Query } from '@nestjs/common';
import { Caller, Scopes } from '@bff/auth';
import { CatalogClient, OrdersClient } from '@bff/clients';
import { Cursors } from '@bff/gateway';
import { Renders } from '@bff/views';
import { loadOrderDetails } from './load-order-details.js';
import { OrderDetails, OrderList, OrderQuery } from './orders.view.js';

@Controller('v1/orders')
export class OrdersController {
  constructor(
    private readonly orders: OrdersClient,
    private readonly catalog: CatalogClient,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Scopes('orders:read')
  @Renders(OrderList)
  list(@Caller() me: Caller, @Query({ schema: OrderQuery }) { limit, cursor }: OrderQuery) {
    const after = cursor ? { cursor: this.cursors.read('orders', cursor) } : {};
    return OrderList.load({
      found: () => this.orders.list(me.id, { limit, ...after }),
      orders: async ({ need }) => (await need('found')).orders,
      next: async ({ need }) => {
        const { nextCursor } = await need('found');
        return nextCursor === '' ? null : this.cursors.toCursor('orders', nextCursor);
      },
    });
  }

  @Get(':id')
  @Scopes('orders:read')
  @Renders(OrderDetails)
  order(@Caller() me: Caller, @Param('id') id: string) {
    return loadOrderDetails(this.catalog, () => this.orders.get(me.id, id));
  }
}
