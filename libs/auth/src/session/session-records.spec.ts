import { MemoryStore } from '@bff/store';
import { until } from '@bff/testing';
import { createSessionValue, isSessionValue, sessionKeyOf, SessionRecords } from './session-records.js';
import type { Session } from './session.js';

/** Remembers all that was ever written. */
class OpenBook extends MemoryStore {
  readonly written: string[] = [];

  override set(key: string, value: string, ttlMs: number): Promise<void> {
    this.written.push(key, value);
    return super.set(key, value, ttlMs);
  }

  override compareAndSet(key: string, expected: string, value: string, ttlMs: number): Promise<boolean> {
    this.written.push(key, value);
    return super.compareAndSet(key, expected, value, ttlMs);
  }
}

let store: OpenBook;
let records: SessionRecords;
const options = { secrets: ['a secret of the tests'], idleMs: 60_000 };
beforeEach(() => {
  store = new OpenBook();
  records = new SessionRecords(store, options);
});
afterEach(() => store.close());

const tokens = {
  accessToken: 'access-token-of-ada',
  refreshToken: 'refresh-token-of-ada',
  receivedAtMs: 0,
  scopes: [],
};
const createSession = (more: Partial<Session> = {}): Session => ({
  subject: '7',
  claims: { name: 'Ada Lovelace' },
  tokens,
  authentication: { atMs: 0 },
  id: crypto.randomUUID(),
  device: 'curl',
  createdAtMs: Date.now(),
  endsAtMs: Date.now() + 60_000,
  ...more,
});
const open = (more?: Partial<Session>) =>
  records.create(sessionKeyOf(createSessionValue()), createSession(more));
const withAccessToken = (session: Session, accessToken: string): Session => ({
  ...session,
  tokens: { ...session.tokens, accessToken },
});

test('the value of a cookie is 256 random bits, and no two are the same', () => {
  const values = Array.from({ length: 1_000 }, createSessionValue);
  expect(new Set(values).size).toBe(1_000);
  for (const value of values)
    expect([isSessionValue(value), Buffer.from(value, 'base64url').length]).toEqual([true, 32]);
});

test('a store tells whoever reads it neither tokens, nor names, nor how to come in', async () => {
  const value = createSessionValue();
  const record = await records.create(sessionKeyOf(value), createSession());
  const replaced = await records.replace(record, withAccessToken(record.session, 'new-token-of-ada'));
  await records.touch(replaced ?? record);
  const book = store.written.join(' ');
  for (const secret of [value, 'token-of-ada', 'Lovelace', '"7"'])
    for (const form of [secret, Buffer.from(secret).toString('base64url')]) expect(book).not.toContain(form);
  expect(book).toContain(record.key);
});

test('what was replaced is found as it is now', async () => {
  const record = await open();
  const replaced = await records.replace(record, withAccessToken(record.session, 'new'));
  expect((await records.find(record.key))?.session.tokens.accessToken).toBe('new');
  expect(replaced?.head.version).not.toBe(record.head.version);
});

test('of two that replace one session at once, one does, and nothing is left of the other', async () => {
  const record = await open();
  const both = ['one', 'other'].map((token) =>
    records.replace(record, withAccessToken(record.session, token)),
  );
  const [won, ...more] = (await Promise.all(both)).filter((one) => one !== undefined);
  expect(more).toEqual([]);
  expect(await records.find(record.key)).toEqual(won);
  const bodies = store.written.filter((key) => key.startsWith('session-body:'));
  const left = await Promise.all(bodies.map((key) => store.get(key)));
  expect(left.filter((text) => text !== undefined)).toHaveLength(1);
});

test('a session that lives is found while it is replaced and used all the time', async () => {
  let record = await open();
  let isDone = false;
  const find = async (): Promise<void> => {
    while (!isDone) expect(await records.find(record.key)).toBeDefined();
  };
  const finding = Array.from({ length: 20 }, find);
  for (let times = 1; times <= 200; times += 1) {
    record = (await records.touch(record)) ?? record;
    record = (await records.replace(record, withAccessToken(record.session, `${times}`))) ?? record;
  }
  isDone = true;
  await Promise.all(finding);
});

describe('a session that has ended', () => {
  test('ends once, whoever else wants it to', async () => {
    const { key } = await open();
    const ended = await Promise.all(Array.from({ length: 20 }, () => records.end(key)));
    expect(ended.filter(Boolean)).toHaveLength(1);
    expect(await records.end(key)).toBe(false);
  });

  test('is brought back neither by a use nor by new tokens that come late', async () => {
    const record = await open();
    await records.end(record.key);
    expect(await records.touch(record)).toBeUndefined();
    expect(await records.replace(record, record.session)).toBeUndefined();
    expect(await records.find(record.key)).toBeUndefined();
    expect(await records.find(record.key, record)).toBeUndefined();
  });

  test('leaves nothing of itself in the store, although it was used while it ended, and after that', async () => {
    const record = await open();
    const uses = Array.from({ length: 5 }, () => records.touch(record));
    const renewals = Array.from({ length: 5 }, () => records.replace(record, record.session));
    await Promise.all([records.end(record.key), ...uses, ...renewals]);
    await records.touch(record);
    await records.replace(record, record.session);
    const keys = store.written.filter((text) => text.startsWith('session'));
    const left = await Promise.all(
      keys.map(async (key) => ((await store.get(key)) === undefined ? [] : [key])),
    );
    expect(left.flat()).toEqual([]);
  });

  test('stays so, however its end falls among uses and new tokens', async () => {
    for (let round = 1; round <= 100; round += 1) {
      const record = await open();
      const writes = Array.from({ length: 6 }, (_, index) =>
        index % 2 === 0 ? records.touch(record) : records.replace(record, record.session),
      );
      const turns = round % 12;
      const end = (async (): Promise<unknown> => {
        for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
        return records.end(record.key);
      })();
      expect(await end).toBe(true);
      expect(await records.find(record.key)).toBeUndefined();
      await Promise.all(writes);
      expect(await records.find(record.key)).toBeUndefined();
    }
  });
});

describe('nobody is let in', () => {
  test('by a body that belongs to another session', async () => {
    const [mine, theirs] = [await open(), await open({ subject: '8' })];
    const place = (record: typeof mine): string => `session-body:${record.key}:${record.head.version}`;
    await store.set(place(mine), (await store.get(place(theirs))) ?? '', 60_000);
    expect(await records.find(mine.key)).toBeUndefined();
  });

  test('by a body that was changed, or sealed with a secret that is not ours', async () => {
    const record = await open();
    expect(await new SessionRecords(store, { ...options, secrets: ['x'] }).find(record.key)).toBeUndefined();
    const place = `session-body:${record.key}:${record.head.version}`;
    await store.set(place, `${await store.get(place)}A`, 60_000);
    expect(await records.find(record.key)).toBeUndefined();
  });

  test('when the whole time is over, although the store still has it', async () => {
    const record = await open({ endsAtMs: Date.now() + 30 });
    await store.set(`session:${record.key}`, JSON.stringify(record.head), 60_000);
    const place = `session-body:${record.key}:${record.head.version}`;
    await store.set(place, (await store.get(place)) ?? '', 60_000);
    await until('it is over', async () => (await records.find(record.key)) === undefined);
  });
});

test('a secret that was in use before still opens what it has sealed', async () => {
  const record = await open();
  const rotated = new SessionRecords(store, { ...options, secrets: ['a new one', ...options.secrets] });
  const found = await rotated.find(record.key);
  expect(found?.session).toEqual(record.session);
  const replaced = await rotated.replace(found ?? record, record.session);
  expect(replaced).toBeDefined();
  expect(await records.find(record.key)).toBeUndefined();
});
