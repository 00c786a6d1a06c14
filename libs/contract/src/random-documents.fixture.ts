import { type Definition, documentOf, list, record } from './contract.fixture.js';

/** Numbers from 0 up to `below`, the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;

const pick = <T>(random: Random, from: readonly T[]): T => from[random(from.length)]!;
const scalars: readonly Definition[] = [
  { type: 'string' },
  { type: 'string', maxLength: 3, pattern: '^a' },
  { type: 'string', format: 'date' },
  { type: ['string', 'null'] },
  { type: 'integer', minimum: 1 },
  { type: 'number', maximum: 9 },
  { type: 'boolean' },
  { enum: ['a', 'b'] },
  { enum: ['b', 'c', null] },
  { const: 'a' },
  {},
];

function someSchema(random: Random, depth: number): Definition {
  const inner = (): Definition => (depth > 0 ? someSchema(random, depth - 1) : pick(random, scalars));
  const forms: readonly (() => Definition)[] = [
    () => pick(random, scalars),
    () => list(inner()),
    () => someRecord(random, inner),
    () => ({ ...someRecord(random, inner), additionalProperties: false }),
    () => ({ type: 'object', additionalProperties: inner() }),
    () => ({ $ref: `#/components/schemas/${pick(random, ['A', 'B'])}` }),
    () => ({ anyOf: [inner(), inner(), { type: 'null' }] }),
    () => ({
      oneOf: ['x', 'y', 'z'].slice(random(3)).map((kind) => tagged(kind, someRecord(random, inner))),
    }),
    () => ({ allOf: [someRecord(random, inner), someRecord(random, inner)] }),
  ];
  return pick(random, forms)();
}

function someRecord(random: Random, inner: () => Definition): Definition {
  const names = ['a', 'b', 'c?', 'd?'].filter(() => random(3) > 0);
  return record(Object.fromEntries(names.map((name) => [name, inner()])));
}

function tagged(kind: string, form: Definition): Definition {
  return { ...form, properties: { ...(form['properties'] as object), kind: { const: kind } } };
}

/** A document of one call, with everything that can be in one; some schemas are recursive. */
export function randomDocument(random: Random): object {
  const content = (): Definition => ({ 'application/json': { schema: someSchema(random, 3) } });
  const parameter = (name: string): Definition => ({
    in: 'query',
    name,
    required: random(2) > 0,
    schema: pick(random, scalars),
  });
  const security = [[], [{ bearer: [] }], [{ bearer: ['a'] }, { key: [] }]];
  const operation = {
    security: pick(random, security),
    parameters: ['p', 'q', 'r'].filter(() => random(2) > 0).map(parameter),
    ...(random(4) > 0 && { requestBody: { required: random(2) > 0, content: content() } }),
    responses: { [pick(random, ['200', '201'])]: { content: content() }, 200: { content: content() } },
  };
  return documentOf(operation, { schemas: { A: someSchema(random, 2), B: someSchema(random, 2) } });
}
