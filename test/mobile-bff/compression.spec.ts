import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { type MobileBff, startMobileBff } from '../world/bff.js';
import { wireExchange } from '../world/wire-exchange.js';

let bff: MobileBff;
beforeAll(async () => void (bff = await startMobileBff()));
afterAll(() => bff[Symbol.asyncDispose]());

async function get(path: string, ...headers: string[]) {
  const token = await bff.issuer.mint({});
  return wireExchange(bff.gateway.url, path, [`Authorization: Bearer ${token}`, ...headers]);
}

test.each([
  ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
  ['br;q=0.2, zstd;q=0.9', 'zstd', zstdDecompressSync],
  ['br;q=0, gzip', 'gzip', gunzipSync],
])('who accepts %s gets %s, of the same content and with the same tag', async (accepted, coding, decode) => {
  const plain = await get('/v1/home');
  const coded = await get('/v1/home', `Accept-Encoding: ${accepted}`);
  expect(coded.headers).toMatchObject({ 'content-encoding': coding, etag: plain.headers['etag'] });
  expect(coded.headers['vary']).toContain('Accept-Encoding');
  expect(coded.body.length).toBeLessThan(plain.body.length / 2);
  expect(decode(coded.body)).toEqual(plain.body);
});

test.each([
  ['a small answer', '/v1/config', 'Accept-Encoding: br'],
  ['a small problem', '/v1/nothing', 'Accept-Encoding: br'],
  ['an answer to who would rather have it plain', '/v1/home', 'Accept-Encoding: identity, br;q=0.5'],
])('%s goes out as it is, and says what it would depend on', async (_what, path, accepted) => {
  const { headers, body } = await get(path, accepted);
  expect(headers['content-encoding']).toBeUndefined();
  expect(headers['vary']).toContain('Accept-Encoding');
  expect(JSON.parse(body.toString())).toEqual(expect.any(Object));
});

test.each(['application/x-ndjson', 'text/event-stream'])(
  'a stream of %s is never compressed',
  async (form) => {
    const answer = await fetch(`${bff.gateway.url}/v1/home`, {
      headers: {
        accept: form,
        'accept-encoding': 'br, gzip',
        authorization: `Bearer ${await bff.issuer.mint({})}`,
      },
    });
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await answer.text()).toContain('complete');
  },
);
