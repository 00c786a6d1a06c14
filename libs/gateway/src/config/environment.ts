import { z } from 'zod';
import { storeUrl } from './store-url.js';
import type { ConfigDefaults } from './config.js';

/** Nobody's secrets: what protects nothing on a developer's machine. */
export const developmentSecrets = {
  session: 'development-only-session-secret-0123456789',
  client: 'development-only-web-bff-secret',
};

const minSecretLength = 32;

const port = (otherwise: number) =>
  z
    .string()
    .regex(/^\d+$/, 'expected a port number')
    .transform(Number)
    .refine((value) => value <= 65_535, 'expected a port number up to 65535')
    .default(otherwise);

/** Several are separated by commas: the first is in use, the others still open what they have sealed. */
const secrets = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (parts) => parts.every((part) => part.length >= minSecretLength),
    `expected at least ${minSecretLength} characters, such as \`openssl rand -base64 32\` prints; several separated by commas`,
  );

/** With `isProduction` no secret has a default. */
export const environmentSchema = (defaults: ConfigDefaults, isProduction: boolean) => {
  const required = 'must be set when NODE_ENV is production; there is no default';
  const secret = <S extends z.ZodType<unknown, string>>(schema: S, otherwise: string) =>
    isProduction ? z.string({ error: required }).pipe(schema) : z.string().default(otherwise).pipe(schema);
  const needsClient = defaults.methods.includes('session');
  return z.object({
    HOST: z.string().default('127.0.0.1'),
    PORT: port(defaults.port),
    MANAGEMENT_PORT: port(defaults.managementPort),
    GATEWAY_CONFIG: z.string().default(defaults.file),
    REDIS_URL: storeUrl.optional(),
    TRUST_PROXY: z
      .string()
      .regex(/^\d{1,2}$/, 'expected the number of trusted proxies in front')
      .transform(Number)
      .default(0),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
    OIDC_ISSUER: z
      .url({ protocol: /^https?$/, error: 'expected an http(s) URL' })
      .default('http://localhost:4000'),
    OIDC_CLIENT_ID: z.string().default(defaults.name),
    OIDC_CLIENT_SECRET: needsClient
      ? secret(z.string(), developmentSecrets.client)
      : z.string().default(developmentSecrets.client),
    SESSION_SECRET: secret(secrets, developmentSecrets.session),
    JWT_AUDIENCE: z.string().default('urn:bff:api'),
  });
};
export type GatewayEnvironment = z.output<ReturnType<typeof environmentSchema>>;
