import { ChangeLog } from './change-log.js';

test('each order is told once, at its last change, and what is gone by its id', () => {
  const log = new ChangeLog();
  for (const id of [1, 2, 3]) log.changed(id);
  log.changed(1);
  const { next } = log.read('', 10)!;
  log.deleted(2);
  log.changed(3);
  expect(log.read('', 10)).toMatchObject({ changedIds: [1, 3], deletedIds: [], more: false });
  expect(log.read(next, 10)).toMatchObject({ changedIds: [3], deletedIds: [2], more: false });
});

test('where nothing changed the token stays as it is', () => {
  const log = new ChangeLog();
  log.changed(1);
  const { next } = log.read('', 10)!;
  expect(log.read(next, 10)).toEqual({ changedIds: [], deletedIds: [], next, more: false });
});

test('what is deleted between two pages of everything is told if it may have been on the first', () => {
  const log = new ChangeLog();
  for (const id of [1, 2, 3, 4]) log.changed(id);
  const first = log.read('', 2)!;
  expect(first).toMatchObject({ changedIds: [1, 2], more: true });
  log.deleted(1);
  log.deleted(4);
  expect(log.read(first.next, 10)).toMatchObject({ changedIds: [3], deletedIds: [1, 4], more: false });
});

test('a token from before what is forgotten is too old, also in the middle of everything', () => {
  const log = new ChangeLog(2);
  for (const id of [1, 2, 3, 4, 5, 6]) log.changed(id);
  const [early, { next }] = [log.read('', 2)!, log.read('', 10)!];
  log.deleted(1);
  log.deleted(2);
  expect(log.read(next, 10)).toMatchObject({ deletedIds: [1, 2] });
  log.deleted(3);
  expect([log.read(next, 10), log.read(early.next, 10)]).toEqual([undefined, undefined]);
  expect(log.read('', 10)).toMatchObject({ changedIds: [4, 5, 6], deletedIds: [] });
});

test('a token of another log is too old, one that no log gave out is refused', () => {
  const { next } = new ChangeLog().read('', 10)!;
  expect(new ChangeLog().read(next, 10)).toBeUndefined();
  expect(() => new ChangeLog().read('nonsense', 10)).toThrow('not one of ours');
});
