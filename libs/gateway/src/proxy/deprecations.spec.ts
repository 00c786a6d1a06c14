import { runInContext } from '@bff/context';
import { createContext } from '@bff/testing';
import { Deprecations } from './deprecations.js';

function callAs(deprecations: Deprecations, id: string, name = 'old'): void {
  runInContext(createContext({ caller: { id, scopes: new Set() } }), () =>
    deprecations.check({ name, deprecation: { atMs: 0 } }),
  );
}

it('tells 1,000 callers apart, and counts all others together, route by route', () => {
  const deprecations = new Deprecations();
  for (let index = 0; index < 1_500; index += 1) callAs(deprecations, `caller-${index}`);
  callAs(deprecations, 'caller-0');
  callAs(deprecations, 'late', 'older');
  const counts = [...deprecations.read()];
  expect(counts).toHaveLength(1_002);
  expect(counts).toContainEqual([{ route: 'old', caller: 'caller-0' }, 2]);
  expect(counts.slice(-2)).toEqual([
    [{ route: 'old', caller: 'others' }, 500],
    [{ route: 'older', caller: 'others' }, 1],
  ]);
});
