import { z } from 'zod';
import type { AuthOptions } from '@bff/auth';
import type { RateLimits } from '@bff/throttling';
import type { LogLevel } from '@bff/tracing';
import type { UpstreamConfig } from '@bff/upstream';
import type { OverloadOptions } from '../server/load-shedder.js';
import { ConfigurationError } from './configuration.error.js';
import type { GatewayFile } from './gateway-file.js';
import { readGatewayFile } from './read-gateway-file.js';
import { toUpstreamConfig } from './upstream-entry.js';

/** What a gateway is set to, from its environment and its `gateway.yaml`. Read once, then only handed down. */
export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly managementPort: number;
  /** How many proxies in front are ours: that many `X-Forwarded-For` entries are believed. */
  readonly trustedHops: number;
  readonly logLevel: LogLevel;
  readonly deadlineMs: number;
  readonly auth: AuthOptions;
  readonly limits: RateLimits;
  readonly overload: OverloadOptions;
  readonly upstreams: Readonly<Record<string, UpstreamConfig>>;
  readonly app: GatewayFile['app'];
}

export interface ConfigDefaults {
  readonly name: string;
  readonly port: number;
  readonly managementPort: number;
  /** The path of `gateway.yaml` when GATEWAY_CONFIG does not name one. */
  readonly file: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const port = (otherwise: number) =>
  z
    .string()
    .regex(/^\d+$/, 'expected a port number')
    .transform(Number)
    .refine((value) => value <= 65_535, 'expected a port number up to 65535')
    .default(otherwise);

const environmentSchema = (defaults: ConfigDefaults) =>
  z.object({
    HOST: z.string().default('127.0.0.1'),
    PORT: port(defaults.port),
    MANAGEMENT_PORT: port(defaults.managementPort),
    GATEWAY_CONFIG: z.string().default(defaults.file),
    TRUST_PROXY: z
      .string()
      .regex(/^\d{1,2}$/, 'expected the number of trusted proxies in front')
      .transform(Number)
      .default(0),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    OIDC_ISSUER: z
      .url({ protocol: /^https?$/, error: 'expected an http(s) URL' })
      .default('http://localhost:4000'),
    JWT_AUDIENCE: z.string().default('urn:bff:api'),
  });

/** Throws ConfigurationError with every mistake in the environment and in `gateway.yaml`. */
export function readConfig(defaults: ConfigDefaults, environment: Environment): GatewayConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const settings = environmentSchema(defaults).safeParse(given);
  const path = settings.data?.GATEWAY_CONFIG ?? given['GATEWAY_CONFIG'] ?? defaults.file;
  const result = readGatewayFile(path, given);
  const mistakes = [
    ...(settings.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...('mistakes' in result ? result.mistakes : []),
  ];
  if (!settings.success || !('file' in result)) throw new ConfigurationError(defaults.name, mistakes);
  return toConfig(settings.data, result.file);
}

function toConfig(
  settings: z.output<ReturnType<typeof environmentSchema>>,
  file: GatewayFile,
): GatewayConfig {
  const upstreams = Object.entries(file.upstreams).map(([name, entry]) => [name, toUpstreamConfig(entry)]);
  const { address, caller } = file.limits;
  return {
    host: settings.HOST,
    port: settings.PORT,
    managementPort: settings.MANAGEMENT_PORT,
    trustedHops: settings.TRUST_PROXY,
    logLevel: settings.LOG_LEVEL,
    deadlineMs: file.deadline,
    auth: { issuer: settings.OIDC_ISSUER, audience: settings.JWT_AUDIENCE },
    limits: {
      address: { requests: address.requests, windowMs: address.window },
      caller: { requests: caller.requests, windowMs: caller.window },
    },
    upstreams: Object.fromEntries(upstreams) as Record<string, UpstreamConfig>,
    overload: {
      lagMs: file.overload.lag,
      heapShare: file.overload.heap,
      inFlight: file.overload.inFlight,
    },
    app: file.app,
  };
}
