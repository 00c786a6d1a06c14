import { MemoryStore } from '@bff/store';
import { until } from '@bff/testing';
import { SessionIndex } from './session-index.js';

let store: MemoryStore;
let index: SessionIndex;
beforeEach(() => {
  store = new MemoryStore();
  index = new SessionIndex(store);
});
afterEach(() => store.close());

const inAMinute = () => Date.now() + 60_000;
const entry = (key: string, endsAtMs = inAMinute()) => ({ key, endsAtMs });
const keysOf = async (name: string) => (await index.list(name)).map(({ key }) => key);

test('sessions are listed under their name in the order in which they came, and under no other', async () => {
  for (const key of ['a', 'b', 'c']) await index.add('sub:7', entry(key));
  await index.add('sub:77', entry('d'));
  expect([await keysOf('sub:7'), await keysOf('sub:77')]).toEqual([['a', 'b', 'c'], ['d']]);
  expect([await keysOf('sub:'), await keysOf('sid:7')]).toEqual([[], []]);
});

test('none is lost when forty come at once, and twenty of them go again', async () => {
  const keys = Array.from({ length: 40 }, (_, number) => `${number}`);
  await Promise.all(keys.map((key) => index.add('sub:7', entry(key))));
  expect((await keysOf('sub:7')).toSorted()).toEqual(keys.toSorted());
  const gone = keys.slice(0, 20);
  await Promise.all(gone.map((key) => index.remove('sub:7', [key])));
  expect((await keysOf('sub:7')).toSorted()).toEqual(keys.slice(20).toSorted());
});

test('beyond fifty the oldest make room, and are told', async () => {
  const outOf: string[] = [];
  for (let number = 1; number <= 53; number += 1)
    outOf.push(...(await index.add('sub:7', entry(`${number}`))).map(({ key }) => key));
  expect(outOf).toEqual(['1', '2', '3']);
  expect(await keysOf('sub:7')).toHaveLength(50);
});

test('what is over in any case is not listed, and makes room before others do', async () => {
  await index.add('sub:7', entry('short', Date.now() + 30));
  for (let number = 1; number <= 49; number += 1) await index.add('sub:7', entry(`${number}`));
  await until('the first is over', async () => !(await keysOf('sub:7')).includes('short'));
  expect(await index.add('sub:7', entry('50'))).toEqual([]);
  expect(await keysOf('sub:7')).toHaveLength(50);
});

test('beyond fifty what is over for another reason makes room before the oldest, and is not told', async () => {
  for (let number = 1; number <= 50; number += 1) await index.add('sub:7', entry(`${number}`));
  const isOver = ({ key }: { key: string }) => Promise.resolve(key === '20' || key === '30');
  expect(await index.add('sub:7', entry('51'), isOver)).toEqual([]);
  expect(await keysOf('sub:7')).toHaveLength(49);
  expect(await keysOf('sub:7')).not.toContain('20');
  expect(await index.add('sub:7', entry('52'), isOver)).toEqual([]);
  expect((await index.add('sub:7', entry('53'), isOver)).map(({ key }) => key)).toEqual(['1']);
});

test('to remove what is not there changes nothing', async () => {
  await index.remove('sub:7', ['a']);
  await index.add('sub:7', entry('a'));
  await index.remove('sub:7', ['b', 'c']);
  expect(await keysOf('sub:7')).toEqual(['a']);
});
