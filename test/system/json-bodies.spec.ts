import type { Answer } from '@bff/testing';
import { type Bff, startWebBff } from '../world/bff.js';
import { malformed, wellFormed } from '../world/json-corpus.js';

let bff: Bff;
beforeAll(async () => {
  bff = await startWebBff();
});
afterAll(() => bff[Symbol.asyncDispose]());

const post = (body: unknown): Promise<Answer> => bff.ada.post('/api/orders', body);
const typeOf = (answer: Answer) => (answer.body as { type?: string } | undefined)?.type;
const order = (line: object) => ({ lines: [{ sku: 'BK-1843', quantity: 1, ...line }] });

describe('what RFC 8259 accepts is JSON, though it may be no order', () => {
  test.each(wellFormed)('%s', async (_what, text) => {
    const answer = await post(text);
    expect(answer.status).toBe(400);
    expect(typeOf(answer)).toBe('urn:bff:invalid_request');
  });

  test.each([
    ['white space everywhere', ' { "lines" :\n[ {\t"sku" : "BK-1843" ,\r\n"quantity" : 1 } ] } '],
    ['escapes in names and values', '{"\\u006cines":[{"sku":"\\u0042K-1843","quantity":1}]}'],
    ['a quantity of 1e2', '{"lines":[{"sku":"BK-1843","quantity":1e2}]}'],
    ['a quantity of 3.0', '{"lines":[{"sku":"BK-1843","quantity":3.0}]}'],
    [
      'the names constructor and prototype, which are dropped',
      '{"constructor":{"prototype":{"admin":1}},"prototype":1,"lines":[{"sku":"BK-1843","quantity":1}]}',
    ],
    ['a name twice, of which the last one counts', '{"lines":0,"lines":[{"sku":"BK-1843","quantity":1}]}'],
  ])('an order with %s is placed', async (_what, text) => {
    expect((await post(text)).status).toBe(201);
  });
});

describe('what RFC 8259 refuses is malformed', () => {
  test.each(malformed)('%s', async (_what, text) => {
    const callsBefore = bff.orders.calls.length;
    const answer = await post(text);
    expect(answer.status).toBe(400);
    expect(typeOf(answer)).toBe('urn:bff:malformed_request');
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(bff.orders.calls).toHaveLength(callsBefore);
  });

  test('more than 10,000 values are too many, however few bytes they are', async () => {
    for (const text of [
      `[${'0,'.repeat(10_000)}0]`,
      `{"lines":[${'{},'.repeat(10_000)}{}]}`,
      `[${'['.repeat(20)}${'],['.repeat(6_000)}`,
    ]) {
      expect(await post(text)).toMatchObject({ status: 413, body: { type: 'urn:bff:payload_too_large' } });
    }
  });

  test.each(['', undefined])('no body at all (%j) is a 400', async (body) => {
    expect((await post(body)).status).toBe(400);
  });

  test('nothing was put on the prototype of all objects', () => {
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect({}).not.toHaveProperty('admin');
  });
});

describe('what is no order is told where it is wrong', () => {
  test.each<[string, unknown, string[]]>([
    ['no lines', {}, ['lines']],
    ['lines that are no list', { lines: {} }, ['lines']],
    ['no line', { lines: [] }, ['lines']],
    ['101 lines', { lines: Array.from({ length: 101 }, () => ({ sku: 'a', quantity: 1 })) }, ['lines']],
    ['a line that is null', { lines: [null] }, ['lines.0']],
    ['an unknown name', { lines: order({}).lines, coupon: 'FREE' }, ['']],
    ['an unknown name in a line', order({ price: '0.01' }), ['lines.0']],
    ['a user that is not the caller', { ...order({}), userId: '8' }, ['']],
    ['a numeric sku', order({ sku: 1843 }), ['lines.0.sku']],
    ['an empty sku', order({ sku: '' }), ['lines.0.sku']],
    ['a sku of 65 letters', order({ sku: 's'.repeat(65) }), ['lines.0.sku']],
    ['a sku that is half a surrogate pair', '{"lines":[{"sku":"\\ud800","quantity":1}]}', ['lines.0.sku']],
    ['quantity as text', order({ quantity: '1' }), ['lines.0.quantity']],
    ['a fraction as quantity', order({ quantity: 1.5 }), ['lines.0.quantity']],
    ['a negative quantity', order({ quantity: -1 }), ['lines.0.quantity']],
    ['a quantity of zero', order({ quantity: 0 }), ['lines.0.quantity']],
    ['a huge quantity', order({ quantity: 1e21 }), ['lines.0.quantity']],
    ['a quantity beyond 2^53', '{"lines":[{"sku":"a","quantity":9007199254740993}]}', ['lines.0.quantity']],
    ['an infinite quantity', '{"lines":[{"sku":"a","quantity":1e400}]}', ['lines.0.quantity']],
    ['quantity null', order({ quantity: null }), ['lines.0.quantity']],
    ['quantity in a list', order({ quantity: [1] }), ['lines.0.quantity']],
    [
      'several mistakes',
      { lines: [{ sku: 1, quantity: 0 }, { sku: 'a' }] },
      ['lines.0.sku', 'lines.0.quantity', 'lines.1.quantity'],
    ],
  ])('%s', async (_what, body, paths) => {
    const callsBefore = bff.orders.calls.length;
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 400, body: { type: 'urn:bff:invalid_request' } });
    const { errors } = answer.body as { errors: { path: string; message: string }[] };
    expect(new Set(errors.map(({ path }) => path))).toEqual(new Set(paths));
    for (const { message } of errors) expect(message).toMatch(/\w/);
    expect(bff.orders.calls).toHaveLength(callsBefore);
  });

  test('four thousand mistakes make no long answer', async () => {
    const answer = await post({ lines: Array.from({ length: 4_000 }, () => ({})) });
    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(10_000);
  });

  test('nine thousand unknown names make no long answer', async () => {
    const answer = await post(
      Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`unknown${index}`, 0])),
    );
    expect(answer.status).toBe(400);
    expect(answer.text.length).toBeLessThan(10_000);
  });
});
