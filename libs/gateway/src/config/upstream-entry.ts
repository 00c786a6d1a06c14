import type { UpstreamConfig } from '@bff/upstream';
import { z } from 'zod';
import { count } from './count.js';
import { Duration } from './duration.js';
import { Proto } from './proto-entry.js';
import { Size } from './size.js';

const share = z.number().gt(0).max(1);

const Retry = z.strictObject({
  tries: count.optional().describe('Attempts in all; 1 switches retries off. Default 3'),
  budget: share.optional().describe('Retries may be this part of recent calls. Default 0.2'),
  budgetPerSecond: z
    .number()
    .min(0)
    .optional()
    .describe('Retries a second that are always allowed. Default 3'),
  backoff: Duration.optional().describe(
    'The longest wait before the first retry; doubles up to tenfold. Default 25ms',
  ),
});

const Circuit = z.strictObject({
  minimumCalls: count.optional().describe('No opening before that many calls are known. Default 20'),
  failureRate: share.optional().describe('Opens when this part of recent calls failed. Default 0.5'),
  slowAfter: Duration.optional().describe('A call that took longer is slow. Default 80 % of the timeout'),
  slowRate: share.optional().describe('Opens when this part of recent calls was slow. Default 1'),
  open: Duration.optional().describe('How long it stays open before it is probed. Default 5s'),
  probes: count.optional().describe('Probes that must succeed in a row before it closes. Default 3'),
});

const Bulkhead = z.strictObject({
  concurrent: count.optional().describe('Calls in flight at most. Default 128'),
  queue: z.int().min(0).optional().describe('Calls that may wait for a place. Default 64'),
  wait: Duration.optional().describe('The longest wait for a place. Default 100ms'),
});

const Eject = z.strictObject({
  after: count.optional().describe('Failures of one target in a row that take it out. Default 5'),
  for: Duration.optional().describe('For how long, the first time. Default 30s'),
});

const Cache = z.strictObject({
  maxBytes: Size.optional().describe('Of all stored answers together. Default 16MiB'),
  shared: z.boolean().optional().describe('Answers that say public are shared by all callers. Default false'),
  store: z
    .boolean()
    .optional()
    .describe('Answers are kept in the store as well, where other replicas find them. Default false'),
});

const Check = z.strictObject({
  path: z
    .string()
    .regex(/^\//, 'expected a path such as /health')
    .default('/')
    .describe('What is asked over HTTP; gRPC has its own health service'),
  every: Duration.default(5_000).describe('How often every target is asked'),
});

const Dns = z.strictObject({
  refresh: Duration.optional().describe(
    'How long addresses are used before the name is asked for again. Default 10s',
  ),
  servers: z.array(z.string()).optional().describe("Name servers, host or host:port. Default: the system's"),
});

const ClientCredentials = z.strictObject({
  tokenUrl: z.url({ protocol: /^https?$/ }).describe("The provider's token endpoint"),
  clientId: z.string().min(1),
  clientSecret: z.string().min(1).describe('As ${VARIABLE}: a secret has no place in this file'),
  scope: z.string().optional(),
});

const TokenExchange = z.strictObject({
  exchange: ClientCredentials.extend({
    audience: z.string().min(1).optional().describe('The service, as the provider knows it'),
    resource: z.url().optional().describe('The service, by its URL'),
  }).describe("The caller's access token is exchanged for one of the service (RFC 8693)"),
});

const Tls = z.strictObject({
  ca: z.string().optional().describe('PEM file: who signs the certificate of the service'),
  cert: z.string().optional().describe("PEM file: the gateway's own certificate"),
  key: z.string().optional().describe('PEM file: its key'),
  serverName: z
    .string()
    .optional()
    .describe('The name on the certificate, where it is not the host of the URL'),
});

/** One service, as `gateway.yaml` describes it. */
export const UpstreamEntry = z.strictObject({
  url: z
    .string()
    .min(1)
    .describe(
      'Where the service is: http(s)://…, host:port for gRPC, nats://… and the like for messages; several are separated by commas',
    ),
  timeout: Duration.default(2_000).describe('The most one call may take, retries included, e.g. 800ms'),
  attemptTimeout: Duration.optional().describe('The most one attempt may take'),
  retry: Retry.optional().describe('Of calls that may arrive twice'),
  circuit: Circuit.optional().describe('Stops calls while the service fails as a rule'),
  bulkhead: Bulkhead.optional().describe('How many calls at a time'),
  hedge: z
    .boolean()
    .optional()
    .describe('A second attempt of a safe call that takes longer than 95 % of them do'),
  coalesce: z
    .boolean()
    .optional()
    .describe('Equal safe calls of one caller at one time are one. Default true'),
  eject: Eject.optional().describe('Leaves a failing target alone for a while'),
  cache: z
    .union([z.literal(false), Cache])
    .optional()
    .describe('Of answers that allow it; false: none'),
  check: Check.optional().describe('Asks every target whether it is well'),
  dns: Dns.optional(),
  identity: z
    .union([z.enum(['caller', 'token', 'none']), ClientCredentials, TokenExchange])
    .optional()
    .describe('Whom the service is told to be called for. Default: the caller'),
  tls: Tls.optional(),
  http2: z.boolean().optional().describe('HTTP/2 where the service speaks it; without TLS it must'),
  proto: Proto,
  maxAnswer: Size.optional().describe('The largest answer. Default 8MiB'),
});
export type UpstreamEntry = z.output<typeof UpstreamEntry>;

export function toUpstreamConfig(entry: UpstreamEntry): UpstreamConfig {
  const { timeout, attemptTimeout, retry, circuit, bulkhead, eject, check, dns, maxAnswer, ...rest } = entry;
  const { proto: _, ...same } = rest;
  return {
    ...same,
    timeoutMs: timeout,
    attemptTimeoutMs: attemptTimeout,
    retry:
      retry &&
      given({
        tries: retry.tries,
        budgetShare: retry.budget,
        budgetPerSecond: retry.budgetPerSecond,
        backoffMs: retry.backoff,
      }),
    circuit:
      circuit &&
      given({
        ...circuit,
        open: undefined,
        slowAfter: undefined,
        openMs: circuit.open,
        slowAfterMs: circuit.slowAfter,
      }),
    bulkhead:
      bulkhead && given({ concurrent: bulkhead.concurrent, queue: bulkhead.queue, waitMs: bulkhead.wait }),
    eject: eject && given({ after: eject.after, forMs: eject.for }),
    cache: entry.cache === false ? false : entry.cache && given(entry.cache),
    check: check && { path: check.path, everyMs: check.every },
    dns: dns && given({ refreshMs: dns.refresh, servers: dns.servers }),
    identity: entry.identity,
    maxAnswerBytes: maxAnswer,
  };
}

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is undefined, which would hide a default. */
function given<T extends object>(values: T): Given<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Given<T>;
}
