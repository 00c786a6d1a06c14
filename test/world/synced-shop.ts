import type { RunningGateway } from '@bff/gateway';
import { type Answer, HttpClient } from '@bff/testing';
import { mobileBff } from 'mobile-bff';
import { signIn, startSampleBackend } from 'sample-backend';
import { wideLimits, writeGatewayConfig } from './gateway-config.js';
import { OrderDesk } from './order-desk.js';
import { startSampleGateway } from './sample-gateway.js';

export interface OrderRow {
  readonly id: string;
  readonly status: string;
}

export interface SyncAnswer {
  readonly changes: readonly OrderRow[];
  readonly deleted: readonly string[];
  readonly next: string;
  readonly more: boolean;
}

/** mobile-bff before the sample services, with those who change orders. */
export interface SyncedShop extends AsyncDisposable {
  readonly gateway: RunningGateway;
  readonly ada: HttpClient;
  readonly charles: HttpClient;
  readonly desk: OrderDesk;
  /** A new order of Ada. */
  place(): Promise<string>;
  sync(query?: Readonly<Record<string, string>>): Promise<Answer>;
}

const developmentSecret = 'development-only-session-secret-0123456789';

export async function startSyncedShop(): Promise<SyncedShop> {
  await using stack = new AsyncDisposableStack();
  const backend = stack.use(await startSampleBackend());
  const file = stack.use(writeGatewayConfig('mobile-bff', wideLimits));
  const { identity, orders } = backend.urls;
  const gateway = stack.use(await startSampleGateway(mobileBff, backend, { GATEWAY_CONFIG: file.path }));
  const clientOf = async (login: string): Promise<HttpClient> => {
    const { accessToken } = await signIn({ issuer: identity, login, password: login });
    return stack.use(new HttpClient(gateway.url, { authorization: `Bearer ${accessToken}` }));
  };
  const [ada, charles] = [await clientOf('ada'), await clientOf('charles')];
  const desk = stack.use(new OrderDesk(orders, developmentSecret));
  const all = stack.move();
  return {
    gateway,
    ada,
    charles,
    desk,
    place: async () => {
      const wanted = { lines: [{ sku: 'BK-1843', quantity: 1 }] };
      const headers = { 'idempotency-key': crypto.randomUUID() };
      const { body } = await ada.post('/v1/orders', wanted, { headers });
      return (body as { order: OrderRow }).order.id;
    },
    sync: (query = {}) => ada.get(`/v1/sync?${new URLSearchParams(query).toString()}`),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** A phone that keeps what it was told. */
export class Phone {
  private readonly orders = new Map<string, OrderRow>();
  private next = '';
  private more = false;

  constructor(
    private readonly shop: SyncedShop,
    private readonly limit: number,
  ) {}

  /** One page. Throws Error where it is told the same twice in it, or nothing although there was more. */
  async turn(): Promise<void> {
    const answer = await this.shop.sync({ since: this.next, limit: String(this.limit) });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    const { changes, deleted, next, more } = answer.body as SyncAnswer;
    const told = [...changes.map(({ id }) => id), ...deleted];
    if (new Set(told).size !== told.length || told.length > this.limit)
      throw new Error(`told ${told.join()} in a page of ${this.limit}`);
    if (this.more && told.length === 0) throw new Error('there was no more, and it was said that there was');
    for (const order of changes) this.orders.set(order.id, order);
    for (const id of deleted) this.orders.delete(id);
    [this.next, this.more] = [next, more];
  }

  /** Until there is no more; what it has then, by id. */
  async finish(): Promise<OrderRow[]> {
    do await this.turn();
    while (this.more);
    return [...this.orders.values()].toSorted((one, other) => Number(one.id) - Number(other.id));
  }
}
