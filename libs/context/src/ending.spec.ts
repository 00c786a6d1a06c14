import { getEventListeners } from 'node:events';
import { Ending } from './ending.js';

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

test('everybody is told once, with the reason, when it ends or what is outside does', () => {
  const leaving = new AbortController();
  const request = new Ending(leaving.signal);
  const part = new Ending(request);
  const told: unknown[] = [];
  for (const ending of [request, request, part]) ending.add((reason) => told.push(reason));
  leaving.abort('gone');
  request.end('again');
  expect(told).toEqual(['gone', 'gone', 'gone']);
  expect([request.isEnded, request.reason]).toEqual([true, 'gone']);
  expect([part.isEnded, part.reason]).toEqual([true, 'gone']);
});

test('what ends inside leaves what is outside as it is', () => {
  const request = new Ending();
  const told: unknown[] = [];
  const part = new Ending(request);
  part.add((reason) => told.push(reason));
  part.end('failed');
  request.end('gone');
  expect(told).toEqual(['failed']);
  expect(part.reason).toBe('failed');
});

test('who comes too late is told at once, also where nobody listened meanwhile', () => {
  const told: unknown[] = [];
  new Ending(AbortSignal.abort('gone')).add((reason) => told.push(reason));
  const leaving = new AbortController();
  const part = new Ending(new Ending(leaving.signal));
  leaving.abort('left');
  expect(part.isEnded).toBe(true);
  part.add((reason) => told.push(reason));
  expect(told).toEqual(['gone', 'left']);
});

test('one listener outside serves all, and none is left when all is done', () => {
  const { signal } = new AbortController();
  const request = new Ending(signal);
  const part = new Ending(request);
  const hooks = Array.from({ length: 100 }, () => () => undefined);
  for (const hook of hooks) part.add(hook);
  for (const hook of hooks) request.add(hook);
  expect(listenersOf(signal)).toBe(1);
  for (const hook of hooks) part.remove(hook);
  for (const hook of hooks) request.remove(hook);
  expect(listenersOf(signal)).toBe(0);
  part.add(() => undefined);
  expect(listenersOf(signal)).toBe(1);
  part.end('failed');
  expect(listenersOf(signal)).toBe(0);
});

test('a hook that adds or removes others while all are told harms nobody', () => {
  const ending = new Ending();
  const told: string[] = [];
  const second = (): unknown => told.push('second');
  ending.add(() => {
    told.push('first');
    ending.remove(second);
    ending.add(() => told.push('late'));
  });
  ending.add(second);
  ending.end('over');
  expect(told).toEqual(['first', 'late', 'second']);
});

test('its signal is aborted with the reason, and is the same for all who ask', () => {
  const ending = new Ending();
  const { signal } = ending;
  expect([signal.aborted, ending.signal === signal]).toEqual([false, true]);
  ending.end('gone');
  expect([signal.aborted, signal.reason]).toEqual([true, 'gone']);
  expect(new Ending(AbortSignal.abort('left')).signal.reason).toBe('left');
});
