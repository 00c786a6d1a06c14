import { getEventListeners } from 'node:events';
import { Ending } from './ending.js';

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

test('everybody is told once, with the reason, when the signal is aborted or it is ended before', () => {
  const leaving = new AbortController();
  const ending = new Ending(leaving.signal);
  const told: unknown[] = [];
  ending.add((reason) => told.push(reason));
  ending.add((reason) => told.push(reason));
  leaving.abort('gone');
  ending.end('again');
  expect(told).toEqual(['gone', 'gone']);
  expect([ending.isEnded, ending.reason]).toEqual([true, 'gone']);

  const other = new Ending(new AbortController().signal);
  other.add((reason) => told.push(reason));
  other.end('failed');
  expect(told.at(-1)).toBe('failed');
});

test('who comes too late is told at once', () => {
  const told: unknown[] = [];
  new Ending(AbortSignal.abort('gone')).add((reason) => told.push(reason));
  expect(told).toEqual(['gone']);
});

test('one listener on the signal serves all, and none is left when all is done', () => {
  const { signal } = new AbortController();
  const ending = new Ending(signal);
  const hooks = Array.from({ length: 100 }, () => () => undefined);
  for (const hook of hooks) ending.add(hook);
  expect(listenersOf(signal)).toBe(1);
  for (const hook of hooks) ending.remove(hook);
  expect(listenersOf(signal)).toBe(0);
  ending.add(() => undefined);
  ending.end('failed');
  expect(listenersOf(signal)).toBe(0);
});
