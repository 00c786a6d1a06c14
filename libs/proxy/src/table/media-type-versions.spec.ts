import { routeOf } from '../route.fixture.js';
import type { ProxyRoute } from '../route.js';
import { find, requestOf } from './route-request.fixture.js';
import { createRouteTable } from './route-table.js';

const [v1, v2] = ['application/vnd.shop.v1+json', 'application/vnd.shop.v2+json'];
const version = (name: string, headers: Record<string, string>, more: object = {}) =>
  routeOf(name, '/books/:id', { match: { headers, ...more } });
const versions = [version('v1', { Accept: v1 }), version('v2', { accept: v2 })];
const others = [routeOf('newest', '/books/:id'), routeOf('all', '/**')];
const acceptedBy = (accept: string | undefined, ...routes: readonly ProxyRoute[]) =>
  find(createRouteTable(routes, []), '/books/7', { headers: accept === undefined ? {} : { accept } });

test.each([
  [v1, 'v1'],
  [`${v1};q=0.3, ${v2};q=0.7`, 'v2'],
  [`${v2};q=0.3, ${v1};q=0.7`, 'v1'],
  [`${v2}, ${v1}`, 'v2'],
  [`${v1};q=0.1, */*`, 'v1'],
  [`${v1};q=0`, 'newest'],
  ['application/vnd.shop.v3+json', 'newest'],
  ['*/*', 'newest'],
  [undefined, 'newest'],
])('who accepts %s gets %s, whatever the order of the routes', (accept, name) => {
  expect(acceptedBy(accept, ...versions, ...others)).toBe(name);
  expect(acceptedBy(accept, ...others, ...versions.toReversed())).toBe(name);
});

test.each([
  ['*/*', 'v1'],
  ['application/*, text/html', 'v1'],
  [undefined, 'v1'],
  [`${v1};q=0, */*`, 'v2'],
  ['text/html', `not_acceptable: ${v1}, ${v2}`],
])('where every route has one, who accepts %s gets %s', (accept, name) => {
  expect(acceptedBy(accept, ...versions)).toBe(name);
});

test('a wider route, or the fallback, takes who accepts none of them', () => {
  expect(acceptedBy('text/html', ...versions, routeOf('all', '/**'))).toBe('all');
  const table = createRouteTable(versions, [], routeOf('fallback', '/**'));
  expect(find(table, '/books/7', { headers: { accept: 'text/html' } })).toBe('fallback');
  expect(find(table, '/books/7', { headers: { accept: '*/*' } })).toBe('v1');
});

test('another method or another path is not there at all, rather than not acceptable', () => {
  const table = createRouteTable([version('v1', { accept: v1 }, { methods: ['GET'] })], []);
  const headers = { accept: 'text/html' };
  expect(find(table, '/books/7', { headers })).toBe(`not_acceptable: ${v1}`);
  expect(find(table, '/books/7', { headers, method: 'PUT' })).toBeUndefined();
  expect(find(table, '/books', { headers })).toBeUndefined();
});

test('more conditions go before a better liked type', () => {
  const beta = version('beta', { accept: v1, 'x-beta': '1' });
  const table = createRouteTable([...versions, beta], []);
  expect(find(table, '/books/7', { headers: { accept: `${v2}, ${v1};q=0.1`, 'x-beta': '1' } })).toBe('beta');
});

test('a body is told from others by its type, whatever its charset', () => {
  const json = version('json', { 'content-type': 'application/json' });
  const xml = version('xml', { 'content-type': 'application/xml' });
  const table = createRouteTable([json, xml], []);
  const sent = (type: string) => find(table, '/books/7', { headers: { 'content-type': type } });
  expect(sent('application/xml; charset=utf-8')).toBe('xml');
  expect(sent('text/plain')).toBe('unsupported_media_type: application/json, application/xml');
});

test('what cannot be a media type is compared as it is', () => {
  const anything = version('anything', { accept: '*/*' });
  const table = createRouteTable([anything, ...others], []);
  expect(find(table, '/books/7', { headers: { accept: '*/*' } })).toBe('anything');
  expect(find(table, '/books/7', { headers: { accept: 'text/html' } })).toBe('newest');
});

test('every route of a path says which headers decide there', () => {
  const table = createRouteTable([...versions, version('beta', { 'X-Beta': '1' }), ...others], []);
  const varyOf = (path: string) => table.match(requestOf(path, { headers: { accept: v1 } }));
  expect(varyOf('/books/7')).toMatchObject({ vary: ['accept', 'x-beta'] });
  expect(varyOf('/books')).toMatchObject({ vary: [] });
});
