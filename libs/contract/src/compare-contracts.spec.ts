import { compareContracts } from './compare-contracts.js';
import { documentOf, thereAndBack } from './contract.fixture.js';

const json = { 'application/json': { schema: { type: 'string' } } };
const text = { ...json, 'text/plain': { schema: { type: 'string' } } };
const page = { in: 'query', name: 'page', schema: { type: 'integer' } };
const secured = (...ways: object[]): object => documentOf({ security: ways });
const byKey = { apiKey: { type: 'apiKey', in: 'header', name: 'X-Key' } };
const answers = (responses: object): object => documentOf({ responses });

const nothing = { paths: {} };

test.each([
  ['a call', documentOf({}), nothing, 'operation-removed', 'operation-added', 'operation'],
  ['a status', answers({ 200: {}, 202: {} }), answers({ 200: {} }), 'status-removed', 'status-added', '202'],
  [
    'a media type of an answer',
    answers({ 200: { content: text } }),
    answers({ 200: { content: json } }),
    'media-type-removed',
    'media-type-added',
    '200 text/plain',
  ],
  [
    'a media type of a body',
    documentOf({ requestBody: { content: text } }),
    documentOf({ requestBody: { content: json } }),
    'media-type-removed',
    'media-type-added',
    'body text/plain',
  ],
  [
    'a body that may be sent',
    documentOf({ requestBody: { content: json } }),
    documentOf({}),
    'body-removed',
    'body-added',
    'body',
  ],
  [
    'a parameter',
    documentOf({ parameters: [page] }),
    documentOf({}),
    'parameter-removed',
    'parameter-added',
    'query page',
  ],
  [
    'a header of an answer',
    answers({ 201: { headers: { Location: { schema: { type: 'string' } } } } }),
    answers({ 201: {} }),
    'header-removed',
    'header-added',
    '201 header location',
  ],
  [
    'a body that need not be sent',
    documentOf({ requestBody: { content: json } }),
    documentOf({ requestBody: { content: json, required: true } }),
    'became-required',
    'became-optional',
    'body',
  ],
  [
    'a parameter that need not be sent',
    documentOf({ parameters: [page] }),
    documentOf({ parameters: [{ ...page, required: true }] }),
    'became-required',
    'became-optional',
    'query page',
  ],
  [
    'a higher minimum of a parameter',
    documentOf({ parameters: [page] }),
    documentOf({ parameters: [{ ...page, schema: { type: 'integer', minimum: 1 } }] }),
    'limit-tightened',
    'limit-loosened',
    'query page minimum',
  ],
  [
    'access without signing in',
    documentOf({}),
    secured({ bearer: [] }),
    'security-added',
    'security-removed',
    'security',
  ],
  [
    'a way to sign in',
    secured({ bearer: [] }, { apiKey: [] }),
    secured({ bearer: [] }),
    'scheme-removed',
    'scheme-added',
    'security apiKey',
  ],
  [
    'a scope that is not needed',
    secured({ bearer: ['a'] }),
    secured({ bearer: ['a', 'b'] }),
    'scope-added',
    'scope-removed',
    'security bearer b',
  ],
])('%s that goes breaks clients, and one that comes does not', (_, before, after, gone, come, where) => {
  expect(thereAndBack(before, after)).toEqual([[`${gone} breaking ${where}`], [`${come} additive ${where}`]]);
});

test.each([
  [
    'a new parameter that must be sent',
    documentOf({}),
    documentOf({ parameters: [{ ...page, required: true }] }),
    'parameter-added breaking query page',
  ],
  [
    'a new body that must be sent',
    documentOf({}),
    documentOf({ requestBody: { required: true, content: json } }),
    'body-added breaking body',
  ],
  [
    'another style of a parameter',
    documentOf({ parameters: [page] }),
    documentOf({ parameters: [{ ...page, explode: false }] }),
    'parameter-style-changed breaking query page',
  ],
  [
    'credentials that are sent in another way',
    documentOf({ security: [{ apiKey: [] }] }, { securitySchemes: byKey }),
    documentOf(
      { security: [{ apiKey: [] }] },
      { securitySchemes: { apiKey: { ...byKey.apiKey, in: 'query' } } },
    ),
    'scheme-changed breaking security apiKey',
  ],
  [
    'of two ways with other scopes, one that goes',
    secured({ bearer: ['a'] }, { bearer: ['b'] }),
    secured({ bearer: ['a'] }),
    'scheme-removed breaking security bearer(2)',
  ],
])('%s breaks clients', (_, before, after, expected) => {
  expect(thereAndBack(before, after)[0]).toEqual([expected]);
});

test.each([
  ['a status that tells of a failure may go', answers({ 200: {}, 409: {} }), answers({ 200: {} })],
  ['and come', answers({ 200: {} }), answers({ 200: {}, 503: {} })],
])('%s without harm', (_, before, after) => {
  expect(compareContracts(before, after).map(({ severity }) => severity)).toEqual(['additive']);
});

test.each([
  [
    'what a path parameter is called',
    { paths: { '/orders/{id}': { get: { parameters: [{ in: 'path', name: 'id', required: true }] } } } },
    {
      paths: {
        '/orders/{number}': { get: { parameters: [{ in: 'path', name: 'number', required: true }] } },
      },
    },
  ],
  [
    'where a parameter is declared',
    { paths: { '/': { get: { parameters: [page] } } } },
    {
      paths: { '/': { parameters: [{ $ref: '#/components/parameters/Page' }], get: {} } },
      components: { parameters: { Page: page } },
    },
  ],
  [
    'the case of media types and headers',
    documentOf({ parameters: [{ in: 'header', name: 'X-A' }], responses: { 200: { content: json } } }),
    documentOf({
      parameters: [{ in: 'header', name: 'x-a' }],
      responses: { 200: { content: { 'Application/JSON': json['application/json'] } } },
    }),
  ],
  [
    'the text around it',
    answers({ 200: { description: 'one' } }),
    answers({ 200: { description: 'other', links: {} } }),
  ],
  [
    'security of the document instead of the call',
    secured({ bearer: ['a'] }),
    { ...documentOf({}), security: [{ bearer: ['a'] }] },
  ],
  [
    'an answer by reference',
    answers({ 404: { content: json } }),
    documentOf(
      { responses: { 404: { $ref: '#/components/responses/Gone~1' } } },
      {
        responses: { 'Gone/': { content: json } },
      },
    ),
  ],
])('%s makes no difference', (_, before, after) => {
  expect(thereAndBack(before, after)).toEqual([[], []]);
});

test('a reference that leads nowhere, or in a circle, is an error that names it', () => {
  const referring = (schema: object, schemas = {}): object =>
    documentOf(
      { requestBody: { $ref: '#/components/requestBodies/A' } },
      { requestBodies: schemas, ...schema },
    );
  expect(() => compareContracts(referring({}), referring({}))).toThrow(
    '$ref #/components/requestBodies/A leads nowhere',
  );
  const circle = referring({}, { A: { $ref: '#/components/requestBodies/A' } });
  expect(() => compareContracts(circle, circle)).toThrow('$ref #/components/requestBodies/A leads to itself');
});
