import {
  type Answer,
  type Balancer,
  type Broker,
  findFreePort,
  HttpClient,
  startBalancer,
  startRedis,
  until,
} from '@bff/testing';
import { type SampleBackend, signInAtGateway, startSampleBackend } from 'sample-backend';
import { patientUpstreams, wideLimits, writeGatewayConfig } from './gateway-config.js';
import { type GatewayProcess, startGatewayProcess } from './gateway-process.js';
import { sampleEnvironment } from './sample-gateway.js';

/** So many processes on one machine may be late; a call that fails for that reason is not what is tested. */
const patience = { deadline: '15s', ...patientUpstreams };

/** web-bff in several processes on one Redis, behind a load balancer, with the sample services and a real provider. */
export interface Replicas extends AsyncDisposable {
  readonly redis: Broker;
  readonly backend: SampleBackend;
  /** Where browsers find the gateway. */
  readonly url: string;
  readonly processes: readonly GatewayProcess[];
  /** Beside those that the balancer knows. */
  startAnother(): Promise<GatewayProcess>;
  /** In a browser of his own. */
  signIn(login?: string): Promise<SignedInUser>;
}

/** Whoever holds a cookie, as a script of the app's page calls. */
export interface SignedInUser {
  readonly headers: Readonly<Record<string, string>>;
  /** `at`: one of the processes; the balancer decides unless given. */
  call(method: string, path: string, at?: GatewayProcess): Promise<Answer>;
  get(path: string, at?: GatewayProcess): Promise<Answer>;
}

interface Options {
  readonly count: number;
  readonly accessTokenSeconds?: number;
  /** Top-level keys of gateway.yaml; limits that nobody runs into unless they are among them. */
  readonly config?: object;
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
}

export async function startReplicas({
  count,
  accessTokenSeconds,
  config = {},
  ...options
}: Options): Promise<Replicas> {
  await using stack = new AsyncDisposableStack();
  const ports = await Promise.all(Array.from({ length: count }, findFreePort));
  const [redis, balancer] = await Promise.all([startRedis(), startBalancer(ports)]);
  stack.use(redis);
  stack.use(balancer);
  const origins = [balancer.url, ...ports.map((port) => `http://127.0.0.1:${port}`)];
  const backend = stack.use(await startSampleBackend({ webBffOrigins: origins, accessTokenSeconds }));
  const file = stack.use(writeGatewayConfig('web-bff', { auth: {}, ...patience, ...wideLimits, ...config }));
  const environment = {
    GATEWAY_CONFIG: file.path,
    REDIS_URL: redis.url,
    TRUST_PROXY: '1',
    ...sampleEnvironment(backend),
    ...options.environment,
  };
  const start = (port?: number) =>
    startGatewayProcess({ app: 'web-bff', environment, port, nodeFlags: options.nodeFlags });
  const processes = await Promise.all(ports.map(async (port) => stack.use(await start(port))));
  const clients = new Map<string, HttpClient>();
  for (const { url } of [balancer, ...processes]) clients.set(url, stack.use(new HttpClient(url)));
  const isSeen = async () => (await clients.get(balancer.url)!.get('/bff/user')).status === 401;
  await until('the balancer has seen one of them', isSeen);
  const all = stack.move();
  return {
    redis,
    backend,
    url: balancer.url,
    processes,
    startAnother: () => start(),
    signIn: (login = 'ada') => signIn(login, balancer, clients),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function signIn(
  login: string,
  balancer: Balancer,
  clients: ReadonlyMap<string, HttpClient>,
): Promise<SignedInUser> {
  const { cookie } = await signInAtGateway({ gatewayUrl: balancer.url, login, password: login });
  const headers = { cookie, 'x-csrf': '1' };
  const call = (method: string, path: string, at?: GatewayProcess): Promise<Answer> =>
    clients.get(at?.url ?? balancer.url)!.call(method, path, { headers });
  return { headers, call, get: (path, at) => call('GET', path, at) };
}
