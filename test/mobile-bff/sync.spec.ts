import { jest } from '@jest/globals';
import * as fc from 'fast-check';
import { Phone, startSyncedShop, type SyncAnswer, type SyncedShop } from '../world/synced-shop.js';

jest.retryTimes(0);

let shop: SyncedShop;
beforeAll(async () => {
  shop = await startSyncedShop();
});
afterAll(() => shop?.[Symbol.asyncDispose]());

const sync = async (query: Record<string, string> = {}): Promise<SyncAnswer> => {
  const { status, body } = await shop.sync(query);
  expect(status).toBe(200);
  return body as SyncAnswer;
};

test('without a token everything comes, and with the token of then what changed since', async () => {
  const all = await sync();
  expect(all.changes).toContainEqual(
    expect.objectContaining({ id: '42', status: 'packed', total: { amount: '89.00', currency: 'GBP' } }),
  );
  expect(all).toMatchObject({ deleted: [], more: false });
  expect(await sync({ since: all.next })).toEqual({ changes: [], deleted: [], next: all.next, more: false });

  const placed = await shop.place();
  await shop.desk.cancel('7', '45');
  await shop.desk.remove('7', '11');
  expect(await sync({ since: all.next })).toMatchObject({
    changes: [
      { id: placed, status: 'placed' },
      { id: '45', status: 'cancelled' },
    ],
    deleted: ['11'],
    more: false,
  });
});

test('what nothing became of is a 304', async () => {
  const { next } = await sync();
  const { headers } = await shop.sync({ since: next });
  const again = await shop.ada.get(`/v1/sync?since=${next}`, {
    headers: { 'if-none-match': String(headers['etag']) },
  });
  expect(again.status).toBe(304);
});

test('whatever happens meanwhile, phones that go on from their tokens end with what the service has', async () => {
  const change = fc.oneof(
    fc.constant({ kind: 'place' } as const),
    fc.record({ kind: fc.constantFrom('cancel' as const, 'remove' as const), which: fc.nat(200) }),
    fc.record({ kind: fc.constant('turn' as const), phone: fc.nat(2) }),
  );
  const atOnce = fc.array(change, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(atOnce, { minLength: 1, maxLength: 8 }), async (batches) => {
      const phones = [new Phone(shop, 1), new Phone(shop, 3), new Phone(shop, 50)];
      const ids = (await new Phone(shop, 50).finish()).map(({ id }) => id);
      for (const batch of batches)
        await Promise.all(
          batch.map(async (one) => {
            if (one.kind === 'place') ids.push(await shop.place());
            else if (one.kind === 'turn') await phones[one.phone]?.turn();
            // The service refuses what cannot be; that is no change.
            else await shop.desk[one.kind]('7', ids[one.which % ids.length] ?? '').catch(() => undefined);
          }),
        );
      const truth = await new Phone(shop, 50).finish();
      for (const phone of phones) expect(await phone.finish()).toEqual(truth);
    }),
    { numRuns: 25 },
  );
}, 120_000);

test.each([
  ['of somebody else', async () => ((await shop.charles.get('/v1/sync')).body as SyncAnswer).next],
  ['of another list', async () => ((await shop.ada.get('/v1/orders?limit=1')).body as { next: string }).next],
  ['as the service writes it', () => Buffer.from('orders:changes:a:1:1').toString('base64url')],
  ['cut off', async () => (await sync()).next.slice(0, -2)],
])('a token %s is refused by its name', async (_, tokenOf) => {
  const { status, body } = await shop.sync({ since: await tokenOf() });
  expect(status).toBe(400);
  expect(body).toMatchObject({ type: 'urn:bff:invalid_request', errors: [{ path: 'since' }] });
});

test('10,000 answers to two callers mixed: neither is told of orders of the other', async () => {
  const [ada, charles] = [await sync(), (await shop.charles.get('/v1/sync')).body as SyncAnswer];
  const mine = new Set(ada.changes.map(({ id }) => id));
  const theirs = new Set(charles.changes.map(({ id }) => id));
  expect([...mine].filter((id) => theirs.has(id))).toEqual([]);
  let wrong = 0;
  for (let round = 0; round < 250; round += 1)
    await Promise.all(
      Array.from({ length: 40 }, async (__, index) => {
        const [client, own] = index % 2 === 0 ? [shop.ada, mine] : [shop.charles, theirs];
        const { changes } = (await client.get('/v1/sync')).body as SyncAnswer;
        if (changes.length !== own.size || !changes.every(({ id }) => own.has(id))) wrong += 1;
      }),
    );
  expect(wrong).toBe(0);
}, 120_000);

test('a token of before the service forgot is a 410 that says to begin again', async () => {
  const { next } = await sync();
  await using later = await startSyncedShop();
  const { status, body } = await later.sync({ since: next });
  expect(status).toBe(410);
  expect(body).toMatchObject({ type: 'urn:bff:sync_token_expired', retryable: false });
  expect((await later.sync()).status).toBe(200);
});

test('it goes through a batch, beside other calls', async () => {
  const { body } = await shop.ada.post('/v1/batch', {
    calls: [
      { method: 'GET', path: '/v1/sync?limit=1' },
      { method: 'GET', path: '/v1/sync?since=nonsense' },
    ],
  });
  expect(body).toMatchObject({
    results: [{ status: 200, body: { changes: { length: 1 }, more: true } }, { status: 400 }],
  });
});

test('while orders are placed, pages of orders have each that was there once', async () => {
  const before = (await new Phone(shop, 50).finish()).map(({ id }) => id);
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await shop.ada.get(`/v1/orders?limit=3&cursor=${cursor}`);
    const page = body as { orders: { id: string }[]; next: string | null };
    seen.push(...page.orders.map(({ id }) => id));
    cursor = page.next;
    await shop.place();
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.toSorted()).toEqual(before.toSorted());
});

test('a cursor of the service itself, or of somebody else, is refused by its name', async () => {
  const { body } = await shop.charles.get('/v1/orders?limit=1');
  for (const cursor of ['b3JkZXJzOmJlZm9yZTo0Mg', (body as { next: string }).next]) {
    const answer = await shop.ada.get(`/v1/orders?cursor=${cursor}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ path: 'cursor' }] });
  }
});
