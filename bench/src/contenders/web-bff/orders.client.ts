import { Injectable } from '@nestjs/common';
import { Order } from '@bff/clients';
import { HttpUpstream, path, Upstream } from '@bff/upstream';
import { z } from 'zod';

const Orders = z.array(Order);

/** The order service of the benchmark: HTTP, because the other contenders speak nothing else. */
@Injectable()
export class OrdersClient {
  constructor(@Upstream('orders') private readonly orders: HttpUpstream) {}

  recent(userId: string): Promise<Order[]> {
    return this.orders.get(path`/orders-of/${userId}`, Orders);
  }
}
