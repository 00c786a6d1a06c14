import { type AuthOptions, findApiKeyMistakes, type MethodName } from '@bff/auth';
import type { RateLimits } from '@bff/throttling';
import type { LogLevel } from '@bff/tracing';
import type { UpstreamConfig } from '@bff/upstream';
import type { OverloadOptions } from '../server/load-shedder.js';
import { ConfigurationError } from './configuration.error.js';
import type { GatewayFile } from './gateway-file.js';
import { environmentSchema, type GatewayEnvironment } from './environment.js';
import { type Locate, readGatewayFile } from './read-gateway-file.js';
import { toAuthOptions } from './to-auth-options.js';
import { type ProxyRoutes, toProxyRoutes } from './to-proxy-routes.js';
import type { RegistrationConfig } from '../registration/registration-config.js';
import { toRegistrationConfig } from './registration-entry.js';
import { toUpstreamConfig } from './upstream-entry.js';

/** What a gateway is set to, from its environment and its `gateway.yaml`. Read once, then only handed down. */
export interface GatewayConfig {
  readonly host: string;
  readonly port: number;
  readonly managementPort: number;
  /** How many proxies in front are ours: that many `X-Forwarded-For` entries are believed. */
  readonly trustedHops: number;
  /** The path of `gateway.yaml`. */
  readonly file: string;
  readonly logLevel: LogLevel;
  readonly deadlineMs: number;
  /** Of pages elsewhere that may call this gateway. */
  readonly corsOrigins: readonly string[];
  readonly auth: Omit<AuthOptions, 'store'>;
  /** Undefined: in memory. */
  readonly redisUrl: string | undefined;
  /** What everything of this gateway that must not be forged is derived from; the first is in use. */
  readonly secrets: readonly string[];
  readonly limits: RateLimits;
  readonly overload: OverloadOptions;
  readonly upstreams: Readonly<Record<string, UpstreamConfig>>;
  /** What goes to a service as it is, and where everything else goes. */
  readonly proxy: ProxyRoutes;
  /** Services that announce themselves. */
  readonly registration: RegistrationConfig;
  readonly app: GatewayFile['app'];
}

export interface ConfigDefaults {
  readonly name: string;
  readonly port: number;
  readonly managementPort: number;
  /** The path of `gateway.yaml` when GATEWAY_CONFIG does not name one. */
  readonly file: string;
  /** How callers show who they are, unless `gateway.yaml` says otherwise. */
  readonly methods: readonly MethodName[];
}

const locators = new WeakMap<GatewayConfig, Locate>();

/** Each mistake that only shows where the configuration is used, with its line in the file. */
export function locateMistakes(config: GatewayConfig, mistakes: readonly string[]): readonly string[] {
  const locate = locators.get(config);
  return locate === undefined ? mistakes : mistakes.map(locate);
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws ConfigurationError with every mistake in the environment and in `gateway.yaml`. */
export function readConfig(defaults: ConfigDefaults, environment: Environment): GatewayConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const isProduction = given['NODE_ENV'] === 'production';
  const settings = environmentSchema(defaults, isProduction).safeParse(given);
  const path = settings.data?.GATEWAY_CONFIG ?? given['GATEWAY_CONFIG'] ?? defaults.file;
  const result = readGatewayFile(path, given);
  const mistakes = [
    ...(settings.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...('mistakes' in result ? result.mistakes : []),
  ];
  if (!settings.success || !('file' in result)) throw new ConfigurationError(defaults.name, mistakes);
  const config = toConfig(defaults, settings.data, result.file);
  const wrongKeys = findApiKeyMistakes(config.auth.apiKeys).map((mistake) => `${path}: auth.${mistake}`);
  if (wrongKeys.length > 0) throw new ConfigurationError(defaults.name, wrongKeys);
  locators.set(config, result.locate);
  return config;
}

function toConfig(defaults: ConfigDefaults, settings: GatewayEnvironment, file: GatewayFile): GatewayConfig {
  const upstreams = Object.entries(file.upstreams).map(([name, entry]) => [name, toUpstreamConfig(entry)]);
  const { address, caller } = file.limits;
  return {
    host: settings.HOST,
    port: settings.PORT,
    managementPort: settings.MANAGEMENT_PORT,
    trustedHops: settings.TRUST_PROXY,
    file: settings.GATEWAY_CONFIG,
    logLevel: settings.LOG_LEVEL,
    deadlineMs: file.deadline,
    corsOrigins: file.cors.origins,
    auth: toAuthOptions(defaults, settings, file),
    redisUrl: settings.REDIS_URL && ofItsOwn(settings.REDIS_URL, defaults.name),
    secrets: settings.SESSION_SECRET,
    limits: {
      address: { requests: address.requests, windowMs: address.window },
      caller: { requests: caller.requests, windowMs: caller.window },
    },
    upstreams: Object.fromEntries(upstreams) as Record<string, UpstreamConfig>,
    proxy: toProxyRoutes(file),
    registration: toRegistrationConfig(file.registration),
    overload: {
      lagMs: file.overload.lag,
      heapShare: file.overload.heap,
      inFlight: file.overload.inFlight,
    },
    app: file.app,
  };
}

/** Two gateways may have one Redis: each keeps to keys of its own, unless the URL names their beginning itself. */
function ofItsOwn(url: string, gateway: string): string {
  if (/[?&]prefix=/.test(url)) return url;
  return `${url}${url.includes('?') ? '&' : '?'}prefix=${gateway}:`;
}
