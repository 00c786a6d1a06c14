import { Body, Controller, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Caller, Scopes } from '@bff/auth';
import { CatalogClient, OrdersClient } from '@bff/clients';
import { Idempotent, IdempotencyKey } from '@bff/gateway';
import { Renders } from '@bff/views';
import { loadOrderDetails } from '../../views/orders/load-order-details.js';
import { OrderDetails } from '../../views/orders/orders.view.js';
import { PlaceOrderInput } from './place-order.input.js';

@Controller('api/orders')
export class PlaceOrderController {
  constructor(
    private readonly orders: OrdersClient,
    private readonly catalog: CatalogClient,
  ) {}

  /** 201 with the new order and its address. */
  @Post()
  @Scopes('orders:write')
  @Idempotent({ key: 'optional', keepFor: '24h', withoutStore: 'pass' })
  @Renders(OrderDetails)
  async place(
    @Caller() me: Caller,
    @Body({ schema: PlaceOrderInput }) { lines }: PlaceOrderInput,
    @IdempotencyKey() key: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ) {
    const order = await this.orders.place(me.id, lines, key);
    response.location(`/api/orders/${encodeURIComponent(order.id)}`);
    return loadOrderDetails(this.catalog, () => Promise.resolve(order));
  }
}
