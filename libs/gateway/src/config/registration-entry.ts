import { readTemplate, TemplateError } from '@bff/proxy';
import { z } from 'zod';
import type { RegistrationConfig } from '../registration/registration-config.js';
import { readTargetPattern } from '../registration/target-pattern.js';
import { readVerificationKey } from '../registration/verification-key.js';
import { count } from './count.js';
import { Duration } from './duration.js';
import { storeUrl } from './store-url.js';
import { toUpstreamConfig, UpstreamEntry } from './upstream-entry.js';

/** A value that `read` makes; what it throws as `Mistake` is what is wrong with the text. */
function readBy<T, I>(read: (from: I) => T, Mistake: new (...values: never[]) => Error) {
  return (from: I, context: z.RefinementCtx): T => {
    try {
      return read(from);
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
      return z.NEVER;
    }
  };
}

const Key = z
  .union([z.string(), z.record(z.string(), z.unknown())], {
    error: 'expected a public key, as PEM, base64 or JWK',
  })
  .transform(readBy((from) => (from === '' ? undefined : readVerificationKey(from)), Error));

const Prefix = z
  .string()
  .transform(readBy(readTemplate, TemplateError))
  .refine(
    ({ params, segments }) =>
      params.length === 0 && segments.some((one) => one.kind === 'literal' && one.text !== ''),
    'expected a path of literals such as /api/reviews; everything below it belongs to it',
  )
  .refine(({ text }) => !text.endsWith('/'), 'expected no slash at its end');

const Target = z.string().transform((text, context) => {
  const pattern = readTargetPattern(text);
  if (pattern !== undefined) return pattern;
  const message =
    'expected an origin such as http://reviews:8080, a host such as *.reviews.svc:8080, or a network such as 10.0.0.0/8';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const Issuer = z.strictObject({
  keys: z
    .array(Key)
    .min(1, 'expected at least one key')
    .describe(
      'Public keys of Ed25519 or P-256, as PEM, the base64 in it, or JWK; two while one takes the place of the other. ' +
        'An empty one, as of a variable that is not set, is none: without a key nobody is believed',
    )
    .transform((keys) => keys.filter((key) => key !== undefined)),
  prefixes: z
    .array(Prefix)
    .min(1, 'expected at least one prefix')
    .describe('Where its routes may lie: /api/reviews and everything below it'),
  targets: z
    .array(Target)
    .min(1, 'expected at least one target')
    .describe('Where it may be: origins, hosts (*.reviews.svc:8080) or networks (10.0.0.0/8)'),
  maxLease: Duration.default(30_000).describe('The longest time between two announcements. Default 30s'),
  maxRoutes: count.default(50).describe('Routes of an instance. Default 50'),
  maxInstances: count.default(20).describe('Instances at one time. Default 20'),
  public: z.boolean().default(false).describe('Whether its routes may be for anybody. Default false'),
  upstream: UpstreamEntry.omit({ url: true })
    .prefault({})
    .describe('How it is called: as any of the upstreams, without url'),
});

/** Services that come and go while the gateway runs, as `gateway.yaml` describes them. */
export const RegistrationEntry = z
  .strictObject({
    redis: storeUrl
      .or(z.literal(''))
      .describe('Where they announce themselves: ${REDIS_URL:}. Empty: nothing is heard'),
    issuers: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected the name of a service'), Issuer)
      .describe('Who may announce itself, by name'),
  })
  .optional()
  .describe('Services that announce themselves while the gateway runs');
type RegistrationEntry = z.output<typeof RegistrationEntry>;

/** For `superRefine`: an upstream and a service must not be taken for one another. */
export function checkIssuers(
  file: { readonly upstreams: object; readonly registration?: RegistrationEntry },
  context: z.RefinementCtx,
): void {
  for (const name of Object.keys(file.registration?.issuers ?? {}))
    if (Object.hasOwn(file.upstreams, name))
      context.addIssue({
        code: 'custom',
        path: ['registration', 'issuers', name],
        message: 'is the name of an upstream too; give one of them another',
      });
}

export function toRegistrationConfig(entry: RegistrationEntry): RegistrationConfig {
  const believed = Object.entries(entry?.issuers ?? {}).filter(([, { keys }]) => keys.length > 0);
  const issuers = believed.map(([name, issuer]) => {
    const { maxLease, public: mayBePublic, upstream, ...same } = issuer;
    const { url: _, ...policy } = toUpstreamConfig({ ...upstream, url: '' });
    return [name, { ...same, maxLeaseMs: maxLease, mayBePublic, policy }] as const;
  });
  // Where nobody is believed there is nothing to hear.
  const redisUrl = issuers.length === 0 ? undefined : entry?.redis || undefined;
  return { redisUrl, issuers: Object.fromEntries(issuers) };
}
