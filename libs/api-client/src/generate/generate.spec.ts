import type { Schema } from './document.js';
import { generateClient, toOpenApi30 } from './index.js';
import { nameObjects } from './name-objects.js';
import { toSingular } from './words.js';
import { TypeWriter } from './write-types.js';

const money: Schema = {
  type: 'object',
  description: 'Never a float. */',
  properties: { amount: { type: 'string' } },
  required: ['amount'],
};

const typeOf = (schema: Schema): string => new TypeWriter({ Money: money }, new Set()).write(schema);

test.each<[Schema, string]>([
  [{}, 'unknown'],
  [{ type: 'integer', minimum: 0 }, 'number'],
  [{ type: 'integer' }, 'number | bigint'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ enum: ['a', 2] }, '"a" | 2'],
  [{ enum: ['a'], 'x-extensible-enum': true }, '"a" | (string & Record<never, never>)'],
  [{ const: true }, 'true'],
  [{ anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'integer', maximum: 9 }] }, 'string | number'],
  [{ type: 'array', items: { type: ['string', 'null'] } }, 'readonly (string | null)[]'],
  [{ type: 'object', additionalProperties: { type: 'boolean' } }, 'Readonly<Record<string, boolean>>'],
  [{ type: 'object' }, 'Readonly<Record<string, unknown>>'],
  [{ $ref: '#/components/schemas/Money' }, 'Money'],
  [{ $ref: '#/components/schemas/Money/properties/amount' }, 'Money["amount"]'],
])('%j is written as a type', (schema, type) => {
  expect(typeOf(schema)).toBe(type);
});

test('an object gets a name that is free, after where it is', () => {
  const lists: Schema = {
    type: 'object',
    properties: {
      picks: { type: 'array', items: money },
      best: { type: 'array', items: { ...money, xml: { name: 'pick' } } },
      byDay: { type: 'object', additionalProperties: money },
    },
  };
  const named = nameObjects({ Home: lists, HomePick: money });
  expect(Object.keys(named).toSorted()).toEqual(['Home', 'HomeByDay', 'HomePick', 'HomePick2', 'HomePick3']);
  expect(named['Home']?.properties?.['best']?.items).toEqual({ $ref: '#/components/schemas/HomePick3' });
});

test('one of several objects is named by what is constant in it', () => {
  const section = (name: string): Schema => ({
    type: 'object',
    properties: { event: { const: 'section' }, section: { const: name } },
  });
  expect(Object.keys(nameObjects({ HomeSection: { oneOf: [section('orders'), section('picks')] } }))).toEqual(
    ['HomeSectionOrders', 'HomeSectionPicks', 'HomeSection'],
  );
});

test('a description becomes a comment that does not end early', () => {
  const types = new TypeWriter({ Money: money }, new Set());
  types.write({ $ref: '#/components/schemas/Money' });
  expect(types.text).toBe(
    '/** Never a float. *\\/ */\nexport interface Money {\nreadonly amount: string;\n}\n',
  );
});

test.each([
  ['orders', 'order'],
  ['categories', 'category'],
  ['boxes', 'box'],
  ['address', 'address'],
  ['picks', 'pick'],
])('one of %s is a %s', (many, one) => {
  expect(toSingular(many)).toBe(one);
});

test('a reference to nothing is an error that names it', () => {
  expect(() => typeOf({ $ref: '#/components/schemas/Nothing' })).toThrow('#/components/schemas/Nothing');
});

test('an operation that needs an idempotency key cannot be called without one', () => {
  const parameter = { name: 'Idempotency-Key', in: 'header', required: true };
  const operation = { operationId: 'postThings', parameters: [parameter], responses: { '204': {} } };
  const document = {
    info: { title: 'tv-bff' },
    paths: { '/things': { post: operation } },
    components: { schemas: {} },
  };
  const files = generateClient(document, { name: 'tv', csrf: false });
  expect(Object.keys(files)).toEqual(['views.ts', 'tv-client.ts', 'index.ts']);
  expect(files['tv-client.ts']).toContain(
    'postThings(options: WriteOptions & { readonly idempotencyKey: string }): Promise<Answer<undefined>>',
  );
});

test('for OpenAPI 3.0 and for native apps null, constants and lists that may grow are said in another way', () => {
  const schemas: Record<string, Schema> = {
    Home: {
      type: 'object',
      properties: {
        name: { type: ['string', 'null'] },
        best: { anyOf: [{ $ref: '#/components/schemas/Pick' }, { type: 'null' }] },
        kind: { const: 'home' },
        theme: { type: 'string', enum: ['light'], 'x-extensible-enum': true },
        pick: { $ref: '#/components/schemas/Pick/properties/sku' },
      },
    },
    Pick: { type: 'object', properties: { sku: { type: 'string' } } },
  };
  const written = toOpenApi30({ info: { title: 'tv-bff' }, paths: {}, components: { schemas } });
  expect(written).toMatchObject({
    openapi: '3.0.3',
    components: {
      schemas: {
        Home: {
          properties: {
            name: { type: 'string', nullable: true },
            best: { allOf: [{ $ref: '#/components/schemas/Pick' }], nullable: true },
            kind: { enum: ['home'] },
            theme: { type: 'string', 'x-extensible-enum': ['light'] },
            pick: { type: 'string' },
          },
        },
      },
    },
  });
});
