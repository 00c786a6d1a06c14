import { z } from 'zod';

import { developmentTrust } from './gateway-only/gateway-trust.js';
import { defaultWebBffOrigins, developmentClientSecret } from './identity/clients.js';
import type { AnnouncementSettings } from './opinions/announce-opinions.js';
import { lastingServices, serviceNames, type ServiceName } from './service.js';
import type { ServicesOptions } from './start-services.js';

/** Mistakes in the environment, all of them, each with the name of its variable. */
export class ConfigError extends Error {
  constructor(readonly mistakes: string[]) {
    super(mistakes.join('\n'));
    this.name = 'ConfigError';
  }
}

const wholeNumber = (least: number, most: number, message: string) =>
  z
    .string()
    .regex(/^\d{1,10}$/, message)
    .transform(Number)
    .refine((value) => value >= least && value <= most, message);

const port = wholeNumber(0, 65_535, 'must be a port number, 0 to 65535');

const urlOfList = z.url({ protocol: /^https?$/, message: 'must be http(s) URLs, separated by commas' });

const urls = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim().replace(/\/$/, '')))
  .pipe(z.array(urlOfList));

const Environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: port.optional(),
  USERS_PORT: port.default(4001),
  ORDERS_PORT: port.default(4002),
  CATALOG_PORT: port.default(4003),
  IDENTITY_PORT: port.default(4000),
  OPINIONS_PORT: port.default(4004),
  FAULTS_PORT: port.default(4009),
  OIDC_ISSUER: z.url({ protocol: /^https?$/, message: 'must be an http(s) URL' }).optional(),
  JWT_AUDIENCE: z
    .string()
    .regex(/^[a-z][a-z\d+.-]*:[^\s#]+$/i, 'must be a URI, such as urn:bff:api')
    .default('urn:bff:api'),
  OIDC_CLIENT_SECRET: z.string().optional(),
  WEB_BFF_ORIGINS: urls.default(defaultWebBffOrigins),
  WEB_BFF_BACK_CHANNEL: z.url({ protocol: /^https?$/, message: 'must be an http(s) URL' }).optional(),
  GATEWAY_JWKS_URLS: urls.optional(),
  REDIS_URL: z.string().optional(),
  OPINIONS_KEY: z.string().optional(),
  OPINIONS_URL: z.url({ protocol: /^https?$/, message: 'must be an http(s) URL' }).optional(),
  // The longest a timer can wait is 2^31 - 1 ms.
  KEY_ROTATION_SECONDS: wholeNumber(1, 2_147_483, 'must be whole seconds, 1 to 2147483').default(86_400),
  ACCESS_TOKEN_SECONDS: wholeNumber(1, 86_400, 'must be whole seconds, 1 to 86400').default(600),
});

/**
 * Reads what to start from the environment; an empty variable counts as not set. With `alone` only that service
 * starts, at PORT if that is set, and fault control only if FAULTS_PORT is set. Throws ConfigError.
 */
export function readConfig(alone?: ServiceName, env: NodeJS.ProcessEnv = process.env): ServicesOptions {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const result = Environment.safeParse(given);
  const mistakes = result.success
    ? []
    : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const isUnset = (name: string): boolean => given[name] === undefined;
  const needed = given['NODE_ENV'] === 'production' ? neededInProduction(alone) : [];
  for (const name of needed.filter(isUnset))
    mistakes.push(`${name}: must be set when NODE_ENV is production; there is no default`);
  for (const name of neededByOpinions(alone, given).filter(isUnset))
    mistakes.push(`${name}: must be set for opinions, which announces itself over Redis, signed`);
  if (!result.success || mistakes.length > 0) throw new ConfigError(mistakes);
  return toOptions(result.data, alone, given['FAULTS_PORT'] !== undefined);
}

function neededInProduction(alone: ServiceName | undefined): string[] {
  if (alone === undefined) return ['OIDC_CLIENT_SECRET', 'GATEWAY_JWKS_URLS'];
  return alone === 'identity' ? ['OIDC_CLIENT_SECRET'] : ['GATEWAY_JWKS_URLS'];
}

/** Among all the others it is left out where there is no key for it. */
function neededByOpinions(alone: ServiceName | undefined, given: NodeJS.ProcessEnv): string[] {
  if (alone === 'opinions') return ['REDIS_URL', 'OPINIONS_KEY'];
  return alone === undefined && given['OPINIONS_KEY'] !== undefined ? ['REDIS_URL'] : [];
}

function toOptions(
  env: z.infer<typeof Environment>,
  alone: ServiceName | undefined,
  faultsPortGiven: boolean,
): ServicesOptions {
  const ports = {
    users: env.USERS_PORT,
    orders: env.ORDERS_PORT,
    catalog: env.CATALOG_PORT,
    identity: env.IDENTITY_PORT,
    opinions: env.OPINIONS_PORT,
    faults: env.FAULTS_PORT,
  };
  if (alone && env.PORT !== undefined) ports[alone] = env.PORT;
  const announcement = readAnnouncement(env);
  const all = announcement === undefined ? lastingServices : serviceNames;
  return {
    host: env.HOST,
    ports,
    services: alone ? [alone] : all,
    announcement,
    faultControl: !alone || faultsPortGiven,
    identity: {
      issuer: env.OIDC_ISSUER,
      audience: env.JWT_AUDIENCE,
      clientSecret: env.OIDC_CLIENT_SECRET ?? developmentClientSecret,
      webBffOrigins: env.WEB_BFF_ORIGINS,
      webBffBackChannel: env.WEB_BFF_BACK_CHANNEL?.replace(/\/$/, ''),
      keyRotationSeconds: env.KEY_ROTATION_SECONDS,
      accessTokenSeconds: env.ACCESS_TOKEN_SECONDS,
    },
    gateways: env.GATEWAY_JWKS_URLS ? { jwksUrls: env.GATEWAY_JWKS_URLS, keys: [] } : developmentTrust,
  };
}

function readAnnouncement({
  REDIS_URL: redis,
  OPINIONS_KEY: key,
  OPINIONS_URL: url,
}: z.infer<typeof Environment>): AnnouncementSettings | undefined {
  return redis === undefined || key === undefined ? undefined : { redis, key, url };
}
