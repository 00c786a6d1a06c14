import { isFieldValue, isSettable, readTemplate, TemplateError } from '@bff/proxy';
import { z } from 'zod';
import { Cache, checkCache } from './cache-entry.js';
import { checkGraphql, Graphql } from './graphql-entry.js';
import { deprecationEntry } from './deprecation-entry.js';
import { Grpc } from './grpc-entry.js';
import { GrpcWeb } from './grpc-web-entry.js';
import { Duration } from './duration.js';
import { Size } from './size.js';
import { checkTraffic, traffic } from './traffic-entry.js';
import { checkTransform, Transform } from './transform-entry.js';
import { checkUpload, Upload } from './upload-entry.js';

const defaultMaxBodyBytes = 10 * 1_048_576;

const template = z.string().transform((text, context) => {
  try {
    return readTemplate(text);
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

const nameSyntax = /^[!#$%&'*+.^`|~\w-]+$/;
const noName = 'expected the name of a header';
const headerName = z.string().regex(nameSyntax, noName);
const fieldValue = z
  .string()
  .refine(isFieldValue, 'expected text without control characters')
  .refine((text) => text.trim() === text, 'has blanks around it, which nobody gets to see');

/** Names are checked here, since a record tells nothing of what is wrong with its keys. */
const headerValues = (mistakeOf: (name: string) => string | undefined) =>
  z
    .record(z.string(), fieldValue)
    .superRefine((headers, context) => {
      for (const name of Object.keys(headers)) {
        const message = nameSyntax.test(name) ? mistakeOf(name) : noName;
        if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
      }
    })
    .default({});

const settable = headerValues((name) =>
  isSettable(name) ? undefined : 'is set by the gateway itself, or belongs to a connection',
);

const upstream = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'expected the name of an upstream')
  .describe('Which of the upstreams gets what this takes');

const Static = z
  .strictObject({
    status: z.int().min(200).max(599).default(200),
    contentType: fieldValue.default('text/plain; charset=utf-8'),
    body: z.string().default(''),
  })
  .describe('An answer that is always the same, e.g. while something is being mended');

const Access = z
  .union(
    [
      z.strictObject({ public: z.literal(true).describe('Anybody, known or not') }),
      z.strictObject({
        scopes: z
          .array(z.string().min(1))
          .min(1, 'expected at least one scope')
          .describe('A caller needs all of them'),
      }),
    ],
    { error: 'expected { public: true } or { scopes: [orders:read] }; left out: any known caller' },
  )
  .optional()
  .describe('Who may call. Default: any known caller');

const headerRules = (whose: string) =>
  z
    .strictObject({
      allow: z
        .array(headerName)
        .optional()
        .describe('Nothing else passes, but for what says how to read the body. Default: all'),
      deny: z.array(headerName).default([]).describe('What does not pass'),
      set: settable.describe('In place of what has that name'),
    })
    .prefault({})
    .describe(`What passes of the headers of ${whose}`);

const Query = z
  .strictObject({
    set: z.record(z.string().min(1), z.string()).default({}).describe('In place of what has that name'),
    remove: z.array(z.string().min(1)).default([]).describe('What does not pass'),
  })
  .optional()
  .describe('Changes to the query. Default: it passes as it came');

const Deprecation = deprecationEntry({}, 'From when on it is gone: 410')
  .optional()
  .describe('What is on its way out says so in Deprecation, Sunset and Link');

/** What becomes of a request, whichever way it was found. */
const handling = {
  upstream: upstream.optional(),
  static: Static.optional(),
  ...traffic,
  cache: Cache,
  rewrite: template
    .optional()
    .describe('The path at the upstream, with the parameters of the match: /v2/**. Default: as it came'),
  query: Query,
  access: Access,
  timeout: Duration.optional().describe('The most until the answer begins. Default: that of the upstream'),
  maxBody: Size.default(defaultMaxBodyBytes).describe('The largest body of a request. Default 10MiB'),
  upload: Upload,
  cookies: z
    .enum(['none', 'pass'])
    .default('none')
    .describe("pass: both ways, but never the gateway's own. Default none"),
  cors: z
    .enum(['service', 'gateway'])
    .default('service')
    .describe(
      'Who says which pages of other origins may call. gateway: cors.origins, and what the service says of it is dropped. Default service',
    ),
  requestHeaders: headerRules('a caller'),
  responseHeaders: headerRules('the service'),
  transform: Transform,
  deprecation: Deprecation,
  anyAppVersion: z
    .boolean()
    .default(false)
    .describe(
      'Whether a version of the app that is blocked may call all the same, as to sign in. Default false',
    ),
  websocket: z
    .boolean()
    .default(false)
    .describe('Whether a WebSocket may be opened through it. Default false'),
};

const Match = z
  .strictObject({
    path: template.describe('Literals, :name for one segment, ** at the end for the rest: /legacy/**'),
    methods: z
      .array(z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']))
      .min(1)
      .optional()
      .describe('GET takes HEAD as well. Default: all'),
    host: z
      .string()
      .regex(
        /^([\w-]+(\.[\w-]+)*|\[[\da-f:.]+\])$/i,
        'expected a host such as shop.example.com, without a port',
      )
      .optional()
      .describe('Default: all'),
    headers: headerValues(() => undefined).describe(
      'Values that must be there exactly; media types of accept and content-type are negotiated',
    ),
    query: z.record(z.string().min(1), z.string()).default({}).describe('Values that must be there exactly'),
  })
  .describe('Which requests it takes; of several routes the most precise one does');

interface Targets {
  readonly upstream?: string | undefined;
  readonly split?: unknown;
  readonly static?: unknown;
}

const hasOneTarget = (entry: Targets): boolean =>
  [entry.upstream, entry.split, entry.static].filter((target) => target !== undefined).length === 1;
const oneTarget = 'needs one of upstream, split and static';

/** One route, as `gateway.yaml` describes it. */
export const RouteEntry = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected a name such as legacy-shop')
      .refine((name) => name !== 'fallback', 'is the name of the fallback')
      .describe('In logs, metrics and the table of routes'),
    match: Match,
    ...handling,
    graphql: Graphql,
    grpc: Grpc,
    grpcWeb: GrpcWeb,
  })
  .refine(hasOneTarget, oneTarget)
  .superRefine(checkGraphql)
  .superRefine(checkTraffic)
  .superRefine(checkTransform)
  .superRefine(checkUpload)
  .superRefine(checkCache)
  .superRefine(({ match, rewrite }, context) => {
    for (const name of rewrite?.params ?? []) {
      if (match.path.params.includes(name)) continue;
      const message = `"${rewrite?.text}" has ${toParam(name)}, which "${match.path.text}" does not give`;
      context.addIssue({ code: 'custom', path: ['rewrite'], message });
    }
  });
export type RouteEntry = z.output<typeof RouteEntry>;

/** Where everything goes that neither a view nor a route takes. */
export const FallbackEntry = z
  .strictObject(handling)
  .refine(hasOneTarget, oneTarget)
  .superRefine(checkTraffic)
  .superRefine(checkTransform)
  .superRefine(checkUpload)
  .superRefine(checkCache)
  .superRefine(({ rewrite }, context) => {
    const name = rewrite?.params.find((one) => one !== '**');
    if (name === undefined) return;
    const message = `"${rewrite?.text}" has :${name}, but a fallback gives nothing but **`;
    context.addIssue({ code: 'custom', path: ['rewrite'], message });
  })
  .describe('What neither a view nor a route takes, e.g. a monolith that is being taken apart');
export type FallbackEntry = z.output<typeof FallbackEntry>;

function toParam(name: string): string {
  return name === '**' ? name : `:${name}`;
}
