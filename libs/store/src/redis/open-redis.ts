import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Endpoint, StoreUrl } from '../store-url.js';
import { type RedisClient, scripts } from './redis-scripts.js';

/** How long a server may take to close its end of a connection; after that it is cut. */
const goodbyeMs = 20;

/**
 * A client that lives once: it neither reconnects nor keeps commands for later, and RedisLink opens another. It has yet
 * to be connected.
 */
export function openRedis(url: StoreUrl, stepTimeoutMs: number): RedisClient {
  const client = url.kind === 'cluster' ? openCluster(url, stepTimeoutMs) : openServer(url, stepTimeoutMs);
  return client as unknown as RedisClient;
}

/** One connection, for messages. Of a cluster any node will do: each hears what is published at any other. */
export function openSubscriber(url: StoreUrl, stepTimeoutMs: number): Redis {
  return openServer(url, stepTimeoutMs);
}

function openServer(url: StoreUrl, stepTimeoutMs: number): Redis {
  const endpoints = shuffle(url.endpoints);
  const options = { ...toOptions(url, stepTimeoutMs), enableOfflineQueue: false, retryStrategy: () => null };
  if (url.kind !== 'sentinel') return new Redis({ ...options, ...endpoints[0] });
  return new Redis({
    ...options,
    sentinels: endpoints,
    name: url.masterName,
    sentinelRetryStrategy: () => null,
    sentinelCommandTimeout: stepTimeoutMs,
    ...(url.sentinelPassword === undefined ? {} : { sentinelPassword: url.sentinelPassword }),
    ...(options.tls === undefined ? {} : { sentinelTLS: options.tls, enableTLSForSentinelMode: true }),
  });
}

function openCluster(url: StoreUrl, stepTimeoutMs: number): Cluster {
  return new Cluster(shuffle(url.endpoints), {
    lazyConnect: true,
    scripts,
    enableOfflineQueue: false,
    clusterRetryStrategy: () => null,
    slotsRefreshTimeout: stepTimeoutMs,
    // More would outlast the patience of whoever asked.
    maxRedirections: 4,
    // The names stay, for certificates to be checked against.
    dnsLookup: (address, callback) => callback(null, address),
    redisOptions: toOptions(url, stepTimeoutMs),
  });
}

function toOptions(url: StoreUrl, stepTimeoutMs: number) {
  return {
    lazyConnect: true,
    scripts,
    db: url.database,
    connectTimeout: stepTimeoutMs,
    disconnectTimeout: goodbyeMs,
    maxRetriesPerRequest: 0,
    autoResubscribe: false,
    autoResendUnfulfilledCommands: false,
    // RedisLink asks for what it needs to know, which fewer users are forbidden.
    enableReadyCheck: false,
    disableClientInfo: true,
    connectionName: 'bff',
    ...(url.username === undefined ? {} : { username: url.username }),
    ...(url.password === undefined ? {} : { password: url.password }),
    ...(url.tls ? { tls: url.ca === undefined ? {} : { ca: url.ca } } : {}),
  } satisfies RedisOptions;
}

function shuffle(endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints
    .map((endpoint) => ({ endpoint, order: Math.random() }))
    .toSorted((one, other) => one.order - other.order)
    .map(({ endpoint }) => ({ ...endpoint }));
}
