import { z } from 'zod';
import { count } from './count.js';
import { Duration } from './duration.js';

const upstream = z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected the name of an upstream');

const Split = z
  .array(
    z.strictObject({
      upstream,
      weight: z
        .number()
        .min(0)
        .max(1_000_000)
        .describe('Beside those of the others. 0: only whom splitHeader sends there'),
    }),
  )
  .refine((parts) => parts.some(({ weight }) => weight > 0), 'needs a weight above 0')
  .refine(
    (parts) => new Set(parts.map((part) => part.upstream)).size === parts.length,
    'has an upstream twice',
  )
  .optional()
  .describe('In place of upstream: a share of the callers for each; everybody stays with one');

const SplitHeader = z
  .strictObject({
    name: z.string().regex(/^[!#$%&'*+.^`|~\w-]+$/, 'expected the name of a header'),
    values: z.record(z.string().min(1), upstream).describe('The upstream by the value: { beta: new-shop }'),
  })
  .optional()
  .describe('A header that decides before the weights of split do');

const Mirror = z
  .strictObject({
    upstream,
    share: z.number().gt(0).max(1).default(1).describe('Of the requests, e.g. 0.1. Default: all'),
  })
  .optional()
  .describe('Who gets a copy of GET and HEAD as well, marked x-mirrored: 1; what it answers is thrown away');

const Limits = z
  .strictObject({
    per: z
      .enum(['caller', 'address', 'api-key'])
      .default('caller')
      .describe('caller: strangers by their address; api-key: only whoever comes with one. Default caller'),
    requests: count.describe('How many requests a window lets pass'),
    window: Duration.refine((ms) => ms > 0, 'expected more than nothing')
      .default(60_000)
      .describe('How long a window is. Default 60s'),
    cost: count.default(1).describe('For how many requests one counts. Default 1'),
    plans: z
      .record(z.string().regex(/^[a-z][a-z0-9-]{0,62}$/), z.strictObject({ requests: count }))
      .default({})
      .describe('For API keys with a plan, in place of requests: { gold: { requests: 1000 } }'),
  })
  .superRefine(({ requests, cost, plans }, context) => {
    const add = (path: string[], most: number): void =>
      context.addIssue({ code: 'custom', path, message: `lets nothing pass at a cost of ${cost}: ${most}` });
    if (requests < cost) add(['requests'], requests);
    for (const [plan, { requests: most }] of Object.entries(plans))
      if (most < cost) add(['plans', plan, 'requests'], most);
  })
  .optional()
  .describe('What this route lets pass, beside the limits of the gateway. Default: whatever those do');

/** How much goes where, beside the one upstream of a route. */
export const traffic = {
  split: Split,
  splitHeader: SplitHeader,
  mirror: Mirror,
  limits: Limits,
};

interface Traffic {
  readonly upstream?: string | undefined;
  readonly split?: z.output<typeof Split>;
  readonly splitHeader?: z.output<typeof SplitHeader>;
  readonly mirror?: z.output<typeof Mirror>;
  readonly static?: unknown;
}

/** For `superRefine`: keys that are nothing without another one. */
export function checkTraffic(entry: Traffic, context: z.RefinementCtx): void {
  const add = (path: string, message: string): void =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (entry.splitHeader !== undefined && entry.split === undefined) add('splitHeader', 'needs split');
  if (entry.mirror !== undefined && entry.static !== undefined)
    add('mirror', 'needs upstream or split: a static answer asks nobody');
}

/** Every upstream that an entry names, and where. */
export function upstreamsIn(entry: Traffic): [path: (string | number)[], name: string][] {
  const { upstream: only, split = [], splitHeader, mirror } = entry;
  const values = Object.entries(splitHeader?.values ?? {});
  return [
    ...(only === undefined ? [] : [named(only, 'upstream')]),
    ...split.map((part, index) => named(part.upstream, 'split', index, 'upstream')),
    ...values.map(([value, name]) => named(name, 'splitHeader', 'values', value)),
    ...(mirror === undefined ? [] : [named(mirror.upstream, 'mirror', 'upstream')]),
  ];
}

function named(name: string, ...path: (string | number)[]): [(string | number)[], string] {
  return [path, name];
}
