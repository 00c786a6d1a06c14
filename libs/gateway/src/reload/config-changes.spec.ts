import { findConfigChanges } from './config-changes.js';

test('what is the same is no change', () => {
  expect(findConfigChanges({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] })).toEqual([]);
});

test('a change is told at its place, with what was and what is', () => {
  const before = { limits: { caller: { requests: 1, windowMs: 5 } }, routes: [{ path: '/a' }] };
  const after = {
    limits: { caller: { requests: 2, windowMs: 5 } },
    routes: [{ path: '/a' }, { path: '/b' }],
  };
  expect(findConfigChanges(before, after)).toEqual([
    { path: 'limits.caller.requests', before: 1, after: 2 },
    { path: 'routes.1', before: undefined, after: { path: '/b' } },
  ]);
});

test('of a secret only its name is told', () => {
  const changes = findConfigChanges({ a: { clientSecret: 'one' } }, { a: { clientSecret: 'two' } });
  expect(JSON.stringify(changes)).not.toMatch(/one|two/);
  expect(changes).toMatchObject([{ path: 'a.clientSecret' }]);
});
