import { runInContext } from '@bff/context';
import { ProblemError } from '@bff/problem';
import { createContext } from '@bff/testing';
import { Cursors } from './cursors.js';

const [old, current] = ['an old secret of thirty-two letters', 'a newer secret of thirty-two letters'];
const cursors = new Cursors([current], 'mobile-bff');
const as = <T>(id: string, run: () => T): T =>
  runInContext(createContext({ caller: { id, scopes: new Set() } }), run);

test('a caller gets back what was handed out, the same text each time, by any replica', () => {
  const cursor = as('7', () => cursors.toCursor('orders', 'after:42'));
  expect(as('7', () => cursors.toCursor('orders', 'after:42'))).toBe(cursor);
  expect(as('7', () => new Cursors([current], 'mobile-bff').read('orders', cursor))).toBe('after:42');
});

test('while secrets change, cursors of the old one are taken as well', () => {
  const cursor = as('7', () => new Cursors([old], 'mobile-bff').toCursor('orders', 'after:42'));
  expect(as('7', () => new Cursors([current, old], 'mobile-bff').read('orders', cursor))).toBe('after:42');
  expect(() => as('7', () => cursors.read('orders', cursor))).toThrow(ProblemError);
});

test.each<[string, () => unknown]>([
  ['of another caller', () => as('8', () => cursors.read('orders', handedOut()))],
  ['of another list', () => as('7', () => cursors.read('sync', handedOut()))],
  ['of another gateway', () => as('7', () => new Cursors([current], 'tv-bff').read('orders', handedOut()))],
  ['made up', () => as('7', () => cursors.read('orders', Buffer.from('after:42').toString('base64url')))],
  ['changed', () => as('7', () => cursors.read('orders', changed(handedOut())))],
  ['written in another way', () => as('7', () => cursors.read('orders', `${handedOut()}=`))],
  ['empty', () => as('7', () => cursors.read('orders', ''))],
])('one that is %s is a mistake of the caller that names its parameter', (_, read) => {
  expect(read).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      errors: [expect.objectContaining({ path: 'cursor' })],
    }),
  );
});

function handedOut(): string {
  return as('7', () => cursors.toCursor('orders', 'after:42'));
}

function changed(cursor: string): string {
  const bytes = Buffer.from(cursor, 'base64url');
  bytes[bytes.length - 1]! ^= 1;
  return bytes.toString('base64url');
}
