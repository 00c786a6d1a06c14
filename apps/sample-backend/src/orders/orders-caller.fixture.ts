import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';

import { ordersDefinition } from './orders-definition.js';
import type { OrderMessage } from './order-message.js';

export interface OrdersPage {
  orders: OrderMessage[];
  nextCursor: string;
}

interface OfUser {
  userId: string;
  [field: string]: unknown;
}

/** Calls the order service over gRPC, as a gateway would; a refusal rejects with ServiceError. */
export class OrdersCaller implements Disposable {
  readonly #client: Client;

  /** `assertionFor` signs for the user of a call; without an assertion a call goes out as that of a stranger. */
  constructor(
    port: number,
    private readonly assertionFor: (userId: string) => Promise<string | undefined>,
  ) {
    // Clients of one process share connections, and the wait after a refused one, unless told otherwise.
    const own = { 'grpc.use_local_subchannel_pool': 1 };
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), own);
  }

  get(userId: string, id: string, withinMs?: number): Promise<OrderMessage> {
    return this.#call('Get', { userId, id }, withinMs);
  }

  list(query: { userId: string; limit?: number; cursor?: string; openOnly?: boolean }): Promise<OrdersPage> {
    return this.#call('List', query);
  }

  place(
    userId: string,
    lines: { sku: string; quantity: number }[],
    idempotencyKey?: string,
  ): Promise<OrderMessage> {
    return this.#call('Place', { userId, lines }, undefined, idempotencyKey);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  async #call<Reply>(
    name: string,
    request: OfUser,
    withinMs = 10_000,
    idempotencyKey?: string,
  ): Promise<Reply> {
    const method = ordersDefinition[name];
    if (!method) throw new Error(`no method ${name}`);
    const metadata = new Metadata();
    const assertion = await this.assertionFor(request.userId);
    if (assertion !== undefined) metadata.set('x-identity-assertion', assertion);
    if (idempotencyKey !== undefined) metadata.set('idempotency-key', idempotencyKey);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        metadata,
        { deadline: Date.now() + withinMs },
        (error: ServiceError | null, reply?: Reply) => {
          if (error) reject(error);
          else if (reply) resolve(reply);
        },
      );
    });
  }
}
