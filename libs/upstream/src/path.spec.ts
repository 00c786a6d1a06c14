import { ProblemError } from '@bff/problem';
import { path } from './path.js';

test('every value stays one segment, whatever it contains', () => {
  expect(path`/users/${'a/../b?c#d%2f é;\r\n'}/orders/${42}`.text).toBe(
    '/users/a%2F..%2Fb%3Fc%23d%252f%20%C3%A9%3B%0D%0A/orders/42',
  );
});

test('a path without values is itself, and query values are encoded too', () => {
  expect(path`/health`.text).toBe('/health');
  expect(path`/search?q=${'a&b=c'}`.text).toBe('/search?q=a%26b%3Dc');
});

test.each(['', '.', '..', '\ud800'])(
  'the value %j is refused: no encoding keeps it in its place',
  (value) => {
    expect(() => path`/users/${value}`).toThrow(ProblemError);
  },
);
