import { z } from 'zod';
import { methodNames } from '@bff/auth';
import { Duration } from './duration.js';
import { webOrigin } from './web-origin.js';

const Session = z
  .strictObject({
    scope: z
      .string()
      .regex(/\bopenid\b/, 'expected scopes with openid among them')
      .default('openid profile email offline_access profile:read orders:read orders:write catalog:read')
      .describe('What the identity provider is asked for'),
    acr: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Classes of authentication (acr), the weakest first: a stronger one does where a weaker is asked for. ' +
          'Default: none does for another',
      ),
    idle: Duration.default(30 * 60_000).describe(
      'Without a call for so long, a session is over. Default 30m',
    ),
    absolute: Duration.default(12 * 3_600_000).describe('After so long it is over in any case. Default 12h'),
    withoutStore: Duration.default(60_000).describe(
      'How long those who were just seen stay signed in while the store cannot be asked. Default 60s',
    ),
    origins: z
      .array(webOrigin)
      .default([])
      .describe('Under which origins browsers see this gateway. Default: that of each request'),
  })
  .prefault({});

const Introspection = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Default: that of the issuer's discovery document"),
  rememberFor: Duration.default(30_000).describe('How long an answer is believed. Default 30s'),
});

const Bearer = z
  .strictObject({
    dpop: z
      .enum(['off', 'optional', 'required'])
      .default('off')
      .describe('Whether tokens may, or must, be bound to a key of the caller (RFC 9449)'),
    introspection: Introspection.optional().describe(
      'Asks the issuer whether a token was revoked (RFC 7662)',
    ),
  })
  .prefault({});

const ApiKey = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected a name such as partner-shop')
    .describe('Who calls with it. Two keys of one name are one caller: so a key is rotated'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits, as npm run -s api-key prints them')
    .describe('Of the key; the key itself is written down nowhere'),
  scopes: z.array(z.string().min(1)).describe('What it may do'),
  plan: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected a name such as gold')
    .optional()
    .describe('Which of the plans in the limits of routes it has. Default: none'),
  expires: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional()
    .describe('From when on it is refused. Default: never'),
});

/** How callers show who they are. */
export const AuthEntry = z
  .strictObject({
    methods: z
      .array(z.enum(methodNames))
      .min(1)
      .optional()
      .describe('Which ways are taken. Default: those of the gateway, which its README names'),
    session: Session.describe('Browsers that sign in'),
    bearer: Bearer.describe('Access tokens'),
    apiKeys: z.array(ApiKey).default([]).describe('Programs with a key of their own'),
  })
  .prefault({});
export type AuthEntry = z.output<typeof AuthEntry>;
