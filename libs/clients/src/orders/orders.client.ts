import { Injectable } from '@nestjs/common';
import { GrpcUpstream, loadGrpcService, Upstream } from '@bff/upstream';
import { ordersProtoPath } from '../protocols.js';
import { Order, OrderChanges, OrderPage } from './order.js';

/** Which orders, and how many of them at once (1 to 100). */
export interface OrderQuery {
  readonly limit: number;
  /** The `nextCursor` of the page before. */
  readonly cursor?: string;
  readonly openOnly?: boolean;
}

/** Since when, and how many changes at once (1 to 100). */
export interface ChangesQuery {
  /** The `next` of before; without it everything that there is. */
  readonly since?: string;
  readonly limit: number;
}

export interface OrderedProduct {
  readonly sku: string;
  readonly quantity: number;
}

/** The order service: gRPC. Newest orders come first. */
@Injectable()
export class OrdersClient {
  private readonly service = loadGrpcService(ordersProtoPath, 'bff.orders.v1.Orders');

  constructor(@Upstream('orders') private readonly orders: GrpcUpstream) {}

  /** Rejected as `not_found` when this user has no such order. */
  get(userId: string, id: string): Promise<Order> {
    return this.orders.unary(this.service, 'Get', { userId, id }, Order);
  }

  list(userId: string, query: OrderQuery): Promise<OrderPage> {
    return this.orders.unary(this.service, 'List', { userId, ...query }, OrderPage);
  }

  /** In the order of the changes: each order once, as it is now, and the ids of those that are gone. */
  changes(userId: string, query: ChangesQuery): Promise<OrderChanges> {
    return this.orders.unary(this.service, 'Changes', { userId, ...query }, OrderChanges);
  }

  /**
   * Rejected as `invalid` when the service does not know a product or take a quantity, and as `conflict` when it has
   * placed another order under this key. With a key the order is placed once, however often it is sent.
   */
  place(userId: string, lines: readonly OrderedProduct[], idempotencyKey?: string): Promise<Order> {
    return this.orders.unary(this.service, 'Place', { userId, lines }, Order, { idempotencyKey });
  }
}
