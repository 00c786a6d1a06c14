import CachePolicy from 'http-cache-semantics';
import { AnswerStore } from './answer-store.js';
import type { StoredAnswer } from './stored-answer.js';
import { toStoredAnswer } from './to-stored-answer.js';

const maxBytes = 100_000;

function requestOf(path: string, identity = 'ada', headers: Record<string, string> = {}) {
  return { path, identity, headers };
}

function stored(request: ReturnType<typeof requestOf>, size: number, vary = ''): StoredAnswer {
  const headers = { 'cache-control': 'max-age=60', vary };
  const rules = { Policy: CachePolicy, mayShare: false };
  return toStoredAnswer(request, { status: 200, headers, body: Buffer.alloc(size) }, rules)!;
}

test('all answers together stay within the bound, and what was used lately stays', () => {
  const store = new AnswerStore(maxBytes);
  const used = requestOf('/used');
  store.add(stored(used, 100), used);
  for (let n = 0; n < 1_000; n += 1) {
    const request = requestOf(`/${n}`);
    store.add(stored(request, (n * 997) % 8_000), request);
    expect(store.find(request)).toBeDefined();
    expect(store.find(used)).toBeDefined();
    expect(store.bytes).toBeLessThanOrEqual(maxBytes);
  }
  expect(store.bytes).toBeGreaterThan(maxBytes * 0.9);
  expect(store.find(requestOf('/0'))).toBeUndefined();
});

test('body, headers and key count', () => {
  const bytesOf = (path: string, identity: string, size: number) =>
    stored(requestOf(path, identity), size).bytes;
  const least = bytesOf('/', '', 0);
  expect(bytesOf('/1234', '', 0)).toBe(least + 4);
  expect(bytesOf('/', 'ada', 0)).toBe(least + 3);
  expect(bytesOf('/', '', 500)).toBe(least + 500);
  expect(stored(requestOf('/'), 0, 'accept').bytes).toBeGreaterThan(least + 'accept'.length);
});

test('an answer larger than a tenth of the cache is not stored, and still replaces what it is newer than', () => {
  const store = new AnswerStore(maxBytes);
  const request = requestOf('/x');
  store.add(stored(request, 100), request);
  store.add(stored(request, maxBytes / 10), request);
  expect([store.find(request), store.entries, store.bytes]).toEqual([undefined, 0, 0]);
});

test.each([0, 1, 9])('a cache of %i bytes stores nothing', (maxBytes) => {
  const store = new AnswerStore(maxBytes);
  store.add(stored(requestOf('/x'), 0), requestOf('/x'));
  expect(store.entries).toBe(0);
});

test('a later answer to the same request takes the place of the earlier one, whatever it varies by', () => {
  const store = new AnswerStore(maxBytes);
  const request = requestOf('/x', 'ada', { accept: 'a', 'accept-language': 'de' });
  for (const vary of ['accept', 'accept-language', '', 'accept']) {
    const latest = stored(request, 0, vary);
    store.add(latest, request);
    expect([store.find(request), store.entries]).toEqual([latest, 1]);
  }
});

test('one caller’s answers of one path are sixteen at most', () => {
  const store = new AnswerStore(maxBytes);
  const requests = Array.from({ length: 17 }, (_, n) => requestOf('/x', 'ada', { accept: String(n) }));
  for (const request of requests) store.add(stored(request, 0, 'accept'), request);
  expect(requests.map((request) => store.find(request) !== undefined)).toEqual([
    false,
    ...Array(16).fill(true),
  ]);
});

test('what is removed leaves nothing behind', () => {
  const store = new AnswerStore(maxBytes);
  for (const identity of ['', 'ada', 'bob']) {
    for (const accept of ['a', 'b']) {
      const request = requestOf('/x', identity, { accept });
      store.add(stored(request, 0, 'accept'), request);
    }
  }
  expect(store.entries).toBe(6);
  store.removePath('/x');
  expect([store.entries, store.bytes, store.find(requestOf('/x', '', { accept: 'a' }))]).toEqual([
    0,
    0,
    undefined,
  ]);
});

test.each([
  [0, 0],
  [100, 100],
  [4_000, 4_000],
  [7_900, 8_192],
])('of a large buffer of which a body is %i bytes, %i bytes are kept', (size, kept) => {
  const body = Buffer.from(new ArrayBuffer(8_192), 100, size);
  body.write('x');
  const answer = { status: 200, headers: { 'cache-control': 'max-age=60' }, body };
  const inCache = toStoredAnswer(requestOf('/x'), answer, { Policy: CachePolicy, mayShare: false })!;
  expect(inCache.answer().body).toEqual(body);
  expect(inCache.answer().body.buffer.byteLength).toBe(kept);
});
