import { type Answer, HttpClient, startRedis } from '@bff/testing';
import { type SampleBackend, signIn, startSampleBackend } from 'sample-backend';
import { patientUpstreams, wideLimits, writeGatewayConfig } from './gateway-config.js';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.js';
import { sampleEnvironment } from './sample-gateway.js';

const deadlineMs = 4_000;
const patience = {
  deadline: `${deadlineMs}ms`,
  overload: { lag: '60s' },
  ...patientUpstreams,
  ...wideLimits,
};

/** mobile-bff in several processes, with the sample services behind them, and one Redis where `shared`. */
export interface MobileReplicas extends AsyncDisposable {
  readonly backend: SampleBackend;
  readonly processes: readonly GatewayProcess[];
  /** Of Ada. */
  readonly accessToken: string;
  /** Another one in the place of one that has ended, at the same address. */
  restart(index: number): Promise<void>;
  /** Places an order for Ada; status 0: no answer came. */
  place(at: number, key: string): Promise<Answer>;
  /** The ids of all her orders. */
  orderIds(): Promise<string[]>;
}

interface Options {
  readonly count: number;
  readonly shared: boolean;
}

export async function startMobileReplicas({ count, shared }: Options): Promise<MobileReplicas> {
  await using stack = new AsyncDisposableStack();
  const backend = stack.use(await startSampleBackend());
  const redis = shared ? stack.use(await startRedis()) : undefined;
  const file = stack.use(writeGatewayConfig('mobile-bff', patience));
  const environment = {
    GATEWAY_CONFIG: file.path,
    LOG_LEVEL: 'silent',
    ...sampleEnvironment(backend),
    ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
  };
  const start = async (port?: number): Promise<GatewayProcess> =>
    stack.use(await startGatewayProcess({ app: 'mobile-bff', environment, port }));
  const processes = await Promise.all(Array.from({ length: count }, () => start()));
  const { accessToken } = await signIn({ issuer: backend.urls.identity, login: 'ada', password: 'ada' });
  const headers = { authorization: `Bearer ${accessToken}` };
  const clients = processes.map(({ url }) => stack.use(new HttpClient(url, headers)));
  const all = stack.move();
  return {
    backend,
    processes,
    accessToken,
    restart: async (index) => {
      const port = Number(new URL(processes[index]!.url).port);
      processes[index] = all.use(await startGatewayProcess({ app: 'mobile-bff', environment, port }));
    },
    place: (at, key) =>
      clients[at]!.post(
        '/v1/orders',
        { lines: [{ sku: 'BK-1843', quantity: 1 }] },
        { headers: { 'idempotency-key': key } },
      ).catch((): Answer => ({ status: 0, headers: {}, text: '', body: undefined })),
    orderIds: () => readOrderIds(clients[0]!),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function readOrderIds(client: HttpClient, cursor = ''): Promise<string[]> {
  const { body } = await client.get(`/v1/orders?limit=50&cursor=${encodeURIComponent(cursor)}`);
  const { orders, next } = body as {
    readonly orders: { readonly id: string }[];
    readonly next: string | null;
  };
  const ids = orders.map(({ id }) => id);
  return next === null ? ids : [...ids, ...(await readOrderIds(client, next))];
}

/** The id of the order in an answer. */
export function orderIdOf({ body }: Answer): string | undefined {
  return (body as { readonly order?: { readonly id: string } } | undefined)?.order?.id;
}
