import type { Asked } from './driver/asked.js';
import type { Load } from './driver/load.js';
import type { CredentialKind } from './identity/credentials.js';
import type { UpstreamKind } from './upstream/start-upstream.js';

export interface Contender {
  readonly name: string;
  /** Below `dist`. */
  readonly file: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** How it knows its callers. */
  readonly credentials: CredentialKind;
  /** Whether it says in `_meta` that its answers are complete. */
  readonly saysComplete: boolean;
  /** It tells what it uses itself: no Node to load the probe into. */
  readonly withoutProbe?: boolean;
}

/** A ratio that is to be reached: what `better` measured to what `worse` did, the larger one above. */
export interface Target {
  readonly figure: 'requestsPerCpuSecond' | 'p99Ms';
  readonly better: string;
  readonly worse: string;
  readonly atLeast: number;
}

export interface Suite {
  readonly name: string;
  readonly upstream: UpstreamKind;
  readonly asked: Asked;
  readonly load: Load;
  /** Open beside the load, without a request. */
  readonly idleConnections?: number;
  readonly contenders: readonly Contender[];
  readonly targets: readonly Target[];
}

const byHand = (name: string): Contender => ({
  name,
  file: `contenders/${name}.js`,
  credentials: 'none',
  saysComplete: false,
});

/** As it is shipped: browsers that have signed in. */
const webBff: Contender = {
  name: 'web-bff',
  file: 'contenders/web-bff/main.js',
  credentials: 'session',
  saysComplete: true,
};

const proxyByHand = (name: string): Contender => ({
  name,
  file: `contenders/proxy/${name}.js`,
  credentials: 'none',
  saysComplete: false,
});

const proxiesByHand: readonly Contender[] = [
  { name: 'gateway', file: 'contenders/proxy/gateway.main.js', credentials: 'token', saysComplete: false },
  ...['http-proxy-middleware', 'fastify-http-proxy', 'express-http-proxy', 'raw-undici'].map(proxyByHand),
];

/** The limit of what can be had, where there is one; what it uses is read from /proc. */
function nginxProxy(path: string | undefined): Contender[] {
  if (path === undefined || process.platform !== 'linux') return [];
  return [{ ...proxyByHand('nginx'), environment: { NGINX: path }, withoutProbe: true }];
}

/** A route with identity, limits and access log, against proxies that do nothing else. */
const proxyTargets: readonly Target[] = Object.entries({
  'http-proxy-middleware': 1.3,
  'fastify-http-proxy': 1,
  'express-http-proxy': 3,
  'raw-undici': 0.6,
}).map(([worse, atLeast]) => ({ figure: 'requestsPerCpuSecond', better: 'gateway', worse, atLeast }));

/** Those that are shown with thousands of idle connections beside: memory is what differs. */
const keepsConnections = ['gateway', 'fastify-http-proxy', 'raw-undici', 'nginx'];

interface SuiteSetting {
  readonly connections: number;
  /** Finds a gateway.yaml of this package by its name. */
  readonly gatewayFile: (name: string) => string;
  /** Undefined: there is no Redis on this machine. */
  readonly redisUrl: string | undefined;
  /** Undefined: there is no nginx. */
  readonly nginxPath: string | undefined;
}

export function describeSuites({ connections, gatewayFile, redisUrl, nginxPath }: SuiteSetting): Suite[] {
  const proxies = [...proxiesByHand, ...nginxProxy(nginxPath)];
  const hedged = { GATEWAY_CONFIG: gatewayFile('gateway-hedged.yaml') };
  return [
    {
      name: 'dashboard',
      upstream: 'fast',
      asked: 'dashboard',
      load: { kind: 'closed', connections },
      contenders: [byHand('express-fetch'), byHand('nest-axios'), byHand('node-undici'), webBff],
      targets: [
        { figure: 'requestsPerCpuSecond', better: 'web-bff', worse: 'nest-axios', atLeast: 3 },
        { figure: 'requestsPerCpuSecond', better: 'web-bff', worse: 'express-fetch', atLeast: 1.5 },
        { figure: 'requestsPerCpuSecond', better: 'web-bff', worse: 'node-undici', atLeast: 0.6 },
      ],
    },
    {
      name: 'view',
      upstream: 'fast',
      asked: 'dashboard',
      load: { kind: 'closed', connections },
      contenders: [
        { name: 'view', file: 'contenders/view/view.main.js', credentials: 'token', saysComplete: true },
        {
          name: 'handler',
          file: 'contenders/view/handler.main.js',
          credentials: 'token',
          saysComplete: true,
        },
      ],
      // At most 15 % more CPU than the handler.
      targets: [{ figure: 'requestsPerCpuSecond', better: 'view', worse: 'handler', atLeast: 1 / 1.15 }],
    },
    {
      name: 'identity',
      upstream: 'fast',
      asked: 'dashboard',
      load: { kind: 'closed', connections },
      contenders: [
        { ...webBff, name: 'anonymous', file: 'contenders/anonymous/main.js', credentials: 'none' },
        { ...webBff, name: 'verified-token', credentials: 'token' },
        { ...webBff, name: 'cached-session' },
        ...(redisUrl === undefined
          ? []
          : [{ ...webBff, name: 'session-in-redis', environment: { REDIS_URL: redisUrl } }]),
      ],
      // At most 10 % more CPU than a call of nobody.
      targets: ['verified-token', 'cached-session'].map((better) => ({
        figure: 'requestsPerCpuSecond',
        better,
        worse: 'anonymous',
        atLeast: 1 / 1.1,
      })),
    },
    {
      name: 'proxy',
      upstream: 'fast',
      asked: '5 KB',
      load: { kind: 'closed', connections },
      contenders: proxies,
      targets: proxyTargets,
    },
    {
      name: 'proxy-large',
      upstream: 'fast',
      asked: '1 MB',
      load: { kind: 'closed', connections },
      contenders: proxies,
      targets: proxyTargets,
    },
    {
      name: 'proxy-idle',
      upstream: 'fast',
      asked: '5 KB',
      load: { kind: 'closed', connections },
      idleConnections: 5_000,
      contenders: proxies.filter(({ name }) => keepsConnections.includes(name)),
      targets: [],
    },
    {
      name: 'hedging',
      upstream: 'slow at times',
      asked: 'dashboard',
      load: { kind: 'open', requestsPerSecond: 250 },
      contenders: [webBff, { ...webBff, name: 'web-bff-hedged', environment: hedged }],
      targets: [{ figure: 'p99Ms', better: 'web-bff-hedged', worse: 'web-bff', atLeast: 5 }],
    },
  ];
}

/**
 * The suites with the contenders that are asked for by a name of either kind, or by both as `suite/contender`; nothing
 * asked for is all of them. Throws for a name that nothing has.
 */
export function select(suites: readonly Suite[], only: readonly string[]): Suite[] {
  const namesOf = (suite: Suite, { name }: Contender) => [suite.name, name, `${suite.name}/${name}`];
  const known = suites.flatMap((suite) => suite.contenders.flatMap((one) => namesOf(suite, one)));
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No such suite or contender: ${unknown.join(', ')}`);
  const isWanted = (names: readonly string[]) =>
    only.length === 0 || names.some((name) => only.includes(name));
  return suites
    .map((suite) => ({
      ...suite,
      contenders: suite.contenders.filter((one) => isWanted(namesOf(suite, one))),
    }))
    .filter(({ contenders }) => contenders.length > 0);
}
