import { readRequestId } from './request-id.js';
import { readTraceContext, toTraceparent } from './trace-context.js';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = `00-${traceId}-00f067aa0ba902b7-01`;

test('a valid parent is continued under a new span id', () => {
  const trace = readTraceContext(parent, 'congo=t61rcWkgMzE');
  expect(trace).toMatchObject({ traceId, flags: 1, tracestate: 'congo=t61rcWkgMzE' });
  expect(trace.spanId).toMatch(/^[0-9a-f]{16}$/);
  expect(trace.spanId).not.toBe('00f067aa0ba902b7');
  expect(toTraceparent(trace)).toBe(`00-${traceId}-${trace.spanId}-01`);
});

test.each([
  ['absent', undefined],
  ['garbage', 'abc'],
  ['repeated', `${parent}, ${parent}`],
  ['version ff', `ff-${traceId}-00f067aa0ba902b7-01`],
  ['version 00 with more fields', `${parent}-what-the-future-holds`],
  ['a zero trace id', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['a zero parent id', `00-${traceId}-0000000000000000-01`],
  ['upper case', parent.toUpperCase()],
  ['flags of one digit', `00-${traceId}-00f067aa0ba902b7-1`],
])('a parent that is %s starts a new trace and loses the tracestate', (_what, header) => {
  const trace = readTraceContext(header, 'congo=1');
  expect(trace.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
  expect(trace.traceId).not.toBe(traceId);
  expect(trace.tracestate).toBeUndefined();
});

test('a later version is read by its first four fields and answered as version 00', () => {
  const trace = readTraceContext(`cc-${traceId}-00f067aa0ba902b7-03-more`, undefined);
  expect(trace).toMatchObject({ traceId, flags: 3 });
  expect(toTraceparent(trace)).toMatch(/^00-/);
});

test('unknown flags are not passed on', () => {
  expect(readTraceContext(`00-${traceId}-00f067aa0ba902b7-ff`, undefined).flags).toBe(3);
});

test.each([
  ['one member', 'foo=1', 'foo=1'],
  ['several, in order, spaces and empty members dropped', 'foo=1 , ,\tbar=2,', 'foo=1,bar=2'],
  ['a multi-tenant key', '0tenant@sys=v', '0tenant@sys=v'],
  ['a value with inner spaces', 'foo=a b', 'foo=a b'],
  ['32 members', members(32), members(32)],
  ['33 members', members(33), undefined],
  ['a member without a value', 'foo', undefined],
  ['an empty value', 'foo=', undefined],
  ['an equals sign in the value', 'foo=a=b', undefined],
  ['an upper-case key', 'Foo=1', undefined],
  ['a key that starts with a digit (level 2)', '1foo=1', '1foo=1'],
  ['a key that starts with an at sign', '@foo=1', undefined],
  ['a key of 257 characters', `${'a'.repeat(257)}=1`, undefined],
  ['a value of 257 characters', `foo=${'v'.repeat(257)}`, undefined],
  ['a repeated key', 'foo=1,foo=2', undefined],
  ['a character outside printable ASCII', 'foo=\u00e9', undefined],
])('tracestate: %s', (_what, header, expected) => {
  expect(readTraceContext(parent, header).tracestate).toBe(expected);
});

test.each(['a', 'A-b_c.9', 'x'.repeat(128)])('the request id %s is kept', (id) =>
  expect(readRequestId(id)).toBe(id),
);

test.each(['', 'x'.repeat(129), 'a b', 'a\u00e9', '"', undefined])('the request id %j is replaced', (id) => {
  expect(readRequestId(id)).toMatch(/^[0-9a-f]{32}$/);
});

function members(count: number): string {
  return Array.from({ length: count }, (_, index) => `k${index}=v`).join(',');
}
