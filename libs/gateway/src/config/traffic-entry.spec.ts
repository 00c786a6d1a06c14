import { parse } from 'yaml';
import { z } from 'zod';
import { FallbackEntry, RouteEntry } from './route-entry.js';
import { checkRoutes, toProxyRoutes } from './to-proxy-routes.js';

const File = z
  .strictObject({
    upstreams: z.record(z.string(), z.object({ url: z.string() })),
    routes: z.array(RouteEntry).default([]),
    fallback: FallbackEntry.optional(),
  })
  .superRefine(checkRoutes);

const route = (lines: string): string => `
upstreams: { old: { url: "http://old" }, new: { url: "http://new" }, orders: { url: "orders:4002" } }
routes:
  - name: shop
    match: { path: /shop/** }
    ${lines}`;

const readRoute = (lines: string) => toProxyRoutes(File.parse(parse(route(lines)))).routes[0];

/** Each as `where: what`. */
const mistakesOf = (lines: string): string[] =>
  (File.safeParse(parse(route(lines))).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

test('what goes where reaches the table, in its units', () => {
  const split = 'split: [{ upstream: old, weight: 90 }, { upstream: new, weight: 10 }]';
  const lines = [
    split,
    'splitHeader: { name: x-variant, values: { beta: new } }',
    'mirror: { upstream: old, share: 0.1 }',
    'limits: { per: api-key, requests: 100, window: 10s, cost: 5, plans: { gold: { requests: 1000 } } }',
  ].join('\n    ');
  expect(readRoute(lines)).toMatchObject({
    target: {
      kind: 'split',
      parts: [
        { upstream: 'old', weight: 90 },
        { upstream: 'new', weight: 10 },
      ],
      header: { name: 'x-variant', values: { beta: 'new' } },
    },
    mirror: { upstream: 'old', share: 0.1 },
    limit: { per: 'api-key', requests: 100, windowMs: 10_000, cost: 5, plans: { gold: { requests: 1_000 } } },
  });
});

test('what is left out has the values of the documentation', () => {
  expect(
    readRoute('upstream: old\n    mirror: { upstream: new }\n    limits: { requests: 7 }'),
  ).toMatchObject({
    target: { kind: 'upstream', upstream: 'old' },
    mirror: { share: 1 },
    limit: { per: 'caller', requests: 7, windowMs: 60_000, cost: 1, plans: {} },
  });
});

test.each([
  ['upstream: old\n    split: [{ upstream: new, weight: 1 }]', 'routes.0: needs one of'],
  ['split: [{ upstream: nope, weight: 1 }]', 'routes.0.split.0.upstream: "nope" is none of the upstreams'],
  ['split: [{ upstream: orders, weight: 1 }]', 'routes.0.split.0.upstream: the upstream "orders" does not'],
  ['split: [{ upstream: old, weight: 0 }]', 'routes.0.split: needs a weight above 0'],
  ['split: []', 'routes.0.split: needs a weight above 0'],
  ['split: [{ upstream: old, weight: -1 }, { upstream: new, weight: 1 }]', 'routes.0.split.0.weight:'],
  [
    'split: [{ upstream: old, weight: 1 }, { upstream: old, weight: 2 }]',
    'routes.0.split: has an upstream twice',
  ],
  ['upstream: old\n    splitHeader: { name: x-a, values: { b: new } }', 'routes.0.splitHeader: needs split'],
  [
    'split: [{ upstream: old, weight: 1 }]\n    splitHeader: { name: x-a, values: { b: nope } }',
    'routes.0.splitHeader.values.b: "nope" is none',
  ],
  ['upstream: old\n    mirror: { upstream: nope }', 'routes.0.mirror.upstream: "nope" is none'],
  ['upstream: old\n    mirror: { upstream: new, share: 1.5 }', 'routes.0.mirror.share:'],
  ['static: { body: a }\n    mirror: { upstream: new }', 'routes.0.mirror: needs upstream or split'],
  ['upstream: old\n    limits: { requests: 4, cost: 5 }', 'routes.0.limits.requests: lets nothing pass'],
  [
    'upstream: old\n    limits: { requests: 9, cost: 5, plans: { tiny: { requests: 1 } } }',
    'routes.0.limits.plans.tiny.requests: lets nothing pass',
  ],
  ['upstream: old\n    limits: { requests: 4, window: 0s }', 'routes.0.limits.window: expected more'],
])('%s is a mistake at its place', (lines, mistake) => {
  expect(mistakesOf(lines)).toEqual([expect.stringContaining(mistake)]);
});
