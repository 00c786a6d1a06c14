import { UpstreamSettingError } from '../upstream-setting.error.js';
import { disguise, isDisguised, withoutBrackets } from '../url-parts.js';

/** Where a service that speaks messages is, or the broker in front of it. */
export interface MessageUrl {
  readonly transport: 'tcp' | 'redis' | 'nats' | 'rabbitmq';
  readonly tls: boolean;
  /** Without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The number of a Redis database. */
  readonly database: number;
  /** Of RabbitMQ. */
  readonly vhost: string;
  readonly queue: string;
  /** Whether the queue outlives its broker: it must be what the service says of it. */
  readonly durable: boolean;
  /** For people: without user name and password. */
  readonly displayUrl: string;
}

interface Scheme {
  readonly transport: MessageUrl['transport'];
  readonly tls: boolean;
  readonly port: number | undefined;
  readonly path: RegExp;
  readonly settings: readonly string[];
}

const nothing = /^\/?$/;
const tcp = { transport: 'tcp', tls: false, port: undefined, path: nothing, settings: [] } as const;
const redis = { transport: 'redis', tls: false, port: 6379, path: /^\/?$|^\/\d+$/, settings: [] } as const;
const nats = { transport: 'nats', tls: false, port: 4222, path: nothing, settings: [] } as const;
const amqp = {
  transport: 'rabbitmq',
  tls: false,
  port: 5672,
  path: /^\/?[^/]*$/,
  settings: ['queue', 'durable'],
} as const;

const schemes = new Map<string, Scheme>([
  ['tcp:', tcp],
  ['redis:', redis],
  ['rediss:', { ...redis, tls: true }],
  ['nats:', nats],
  ['amqp:', amqp],
  ['amqps:', { ...amqp, tls: true, port: 5671 }],
]);

const forms =
  'tcp://host:port, redis[s]://[user:password@]host[:port][/database], nats://[user:password@]host[:port] or ' +
  'amqp[s]://[user:password@]host[:port][/vhost]?queue=name';

/** One URL. Throws UpstreamSettingError, which never tells the password. */
export function readMessageUrl(upstream: string, text: string): MessageUrl {
  const refuse = (mistake: string): never => {
    throw new UpstreamSettingError(upstream, 'url', mistake);
  };
  const url = URL.parse(text.trim()) ?? refuse(`it is none of ${forms}`);
  const scheme = schemes.get(url.protocol) ?? refuse(`it is none of ${forms}`);
  const port = url.port === '' ? scheme.port : Number(url.port);
  if (port === undefined || port === 0 || !/^([\w.-]+|\[[\da-f:.]+\])$/i.test(url.hostname))
    return refuse(`its host or port is missing or wrong: it is none of ${forms}`);
  // These schemes leave a host as it is written; that of http shows which address it is.
  const plain = URL.parse(`http://${url.hostname}`)?.hostname;
  if (plain === undefined || isDisguised(text, plain)) return refuse(`it ${disguise}`);
  if (!scheme.path.test(url.pathname) || url.hash !== '')
    return refuse(`its path is wrong: it is none of ${forms}`);
  if (scheme.transport === 'tcp' && (url.username !== '' || url.password !== ''))
    return refuse('nobody asks for a user name or password there; remove it');
  const unknown = [...url.searchParams.keys()].find((name) => !scheme.settings.includes(name));
  if (unknown !== undefined) return refuse(`"${unknown}" is no setting of ${url.protocol}//`);
  if (!isEncoded(url.href)) return refuse('a percent sign in it stands for no character; write it as %25');
  return scheme.transport === 'rabbitmq'
    ? withQueue(refuse, url, toMessageUrl(url, scheme, port))
    : toMessageUrl(url, scheme, port);
}

function toMessageUrl(url: URL, { transport, tls }: Scheme, port: number): MessageUrl {
  const path = url.pathname === '/' ? '' : url.pathname;
  return {
    transport,
    tls,
    port,
    hostname: withoutBrackets(url.hostname),
    username: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    database: transport === 'redis' ? Number(path.slice(1)) : 0,
    vhost: '/',
    queue: '',
    durable: true,
    displayUrl: `${url.protocol}//${url.hostname}:${port}${path}${url.search}`,
  };
}

/** NestJS makes its queues durable unless told otherwise, and so does this. */
function withQueue(refuse: (mistake: string) => never, url: URL, read: MessageUrl): MessageUrl {
  const queue = url.searchParams.get('queue') ?? '';
  if (queue === '') return refuse('it names no queue: add ?queue=name');
  const durable = url.searchParams.get('durable') ?? 'true';
  if (durable !== 'true' && durable !== 'false') return refuse('durable is true or false');
  const vhost = decodeURIComponent(url.pathname.slice(1)) || '/';
  return { ...read, vhost, queue, durable: durable === 'true' };
}

function isEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== '';
  } catch {
    return false;
  }
}
