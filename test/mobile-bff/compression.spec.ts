import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { Controller, Get, Module } from '@nestjs/common';
import { defineView, Renders, required } from '@bff/views';
import { mobileBff } from 'mobile-bff';
import { z } from 'zod';
import { type Bff, type MobileBff, startBff, startMobileBff } from '../world/bff.js';
import { wireExchange } from '../world/wire-exchange.js';

let bff: MobileBff;
beforeAll(async () => {
  bff = await startMobileBff();
  // The first answer of a process is late, and may be without what is optional.
  await bff.ada.get('/v1/home');
});
afterAll(() => bff[Symbol.asyncDispose]());

const get = (path: string, ...headers: string[]) => getFrom(bff, path, ...headers);

async function getFrom({ issuer, gateway }: Bff, path: string, ...headers: string[]) {
  const token = await issuer.mint({});
  return wireExchange(gateway.url, path, [`Authorization: Bearer ${token}`, ...headers]);
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

const Long = defineView('Long', { lines: required(z.array(z.string())) });

@Controller('long')
class LongController {
  @Get()
  @Renders(Long)
  long() {
    return Long.load({
      lines: () => Promise.resolve(Array.from({ length: 4_000 }, (_, at) => `line ${at}`)),
    });
  }
}

@Module({ controllers: [LongController] })
class LongModule {}

test.each([
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
  ['gzip', gunzipSync],
])(
  'what is too long to be compressed in passing goes out in %s as well, whole and with its length',
  async (coding, decode) => {
    await using long = await startBff({ ...mobileBff, module: LongModule });
    const plain = await getFrom(long, '/long');
    expect(plain.body.length).toBeGreaterThan(32 * 1_024);
    const several = await Promise.all(
      Array.from({ length: 5 }, () => getFrom(long, '/long', `Accept-Encoding: ${coding}`)),
    );
    for (const { headers, body } of several) {
      const length = String(body.length);
      const { etag } = plain.headers;
      expect(headers).toMatchObject({ 'content-encoding': coding, 'content-length': length, etag });
      expect(body.length).toBeLessThan(plain.body.length / 3);
      expect(decode(body)).toEqual(plain.body);
    }
    const again = await getFrom(
      long,
      '/long',
      `Accept-Encoding: ${coding}`,
      `If-None-Match: ${plain.headers['etag']}`,
    );
    expect(again.status).toBe(304);
  },
);
