import { currentContext, Deadline, runInContext } from '@bff/context';
import { createContext } from '@bff/testing';
import { batchLoader } from './batch-loader.js';

const owner = {};
let calls: { readonly keys: readonly string[]; readonly remainingMs: number }[];
beforeEach(() => {
  calls = [];
});
const ask = (key: string): Promise<string> =>
  batchLoader(owner, (keys: readonly string[]) => {
    calls.push({ keys, remainingMs: currentContext()?.deadline.remainingMs() ?? 0 });
    return Promise.resolve(keys.map((one) => `title of ${one}`));
  }).load(key);

/** A part of the request that has less time than the whole. */
const inPart = <T>(work: () => T): T => {
  const shared = currentContext()!;
  return runInContext({ ...shared, shared, deadline: Deadline.after(10) }, work);
};

test('what the parts of a request ask for at one time is one call, with the time of the whole request', async () => {
  const titles = await runInContext(createContext(), () =>
    Promise.all([inPart(() => ask('a')), inPart(() => ask('b')), ask('a')]),
  );
  expect(titles).toEqual(['title of a', 'title of b', 'title of a']);
  expect(calls.map(({ keys }) => keys)).toEqual([['a', 'b']]);
  expect(calls[0]?.remainingMs).toBeGreaterThan(5_000);
});

test('a request asks for nothing twice, and shares nothing with another one', async () => {
  const twice = async () => [await ask('a'), await ask('a')];
  await Promise.all([runInContext(createContext(), twice), runInContext(createContext(), twice)]);
  expect(calls.map(({ keys }) => keys)).toEqual([['a'], ['a']]);
});

test('outside of a request every call is one of its own', async () => {
  await Promise.all([ask('a'), ask('a')]);
  expect(calls).toHaveLength(2);
});
