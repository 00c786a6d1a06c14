import { isMediaType, isOf, placeIn, takes } from './media-type.js';

const [v1, v2] = ['application/vnd.shop.v1+json', 'application/vnd.shop.v2+json'];

test.each<[string, boolean]>([
  ['application/json', true],
  ['application/vnd.shop.v1+json', true],
  ['Text/HTML', true],
  ['*/*', false],
  ['text/*', false],
  ['json', false],
  ['text/html, text/plain', false],
  ['application/json;version=1', false],
  ['', false],
])('%j is one media type: %j', (text, isOne) => {
  expect(isMediaType(text)).toBe(isOne);
});

test.each<[string, number | undefined, number | undefined]>([
  ['application/vnd.shop.v1+json', 0, undefined],
  ['APPLICATION/vnd.shop.V1+json', 0, undefined],
  ['application/vnd.shop.v1+json;q=0.5, application/vnd.shop.v2+json', 1, 0],
  ['application/vnd.shop.v1+json, application/vnd.shop.v2+json', 0, 1],
  ['text/html, application/vnd.shop.v2+json;q=0.9, */*;q=0.1', undefined, 1],
  ['application/vnd.shop.v1+json;q=0, application/vnd.shop.v2+json', undefined, 0],
  ['application/vnd.shop.v1+json;charset=utf-8', 0, undefined],
  ['*/*', undefined, undefined],
  ['application/*', undefined, undefined],
  ['', undefined, undefined],
  [';;,,"', undefined, undefined],
])('Accept: %s has version 1 at %j and version 2 at %j', (accept, one, two) => {
  expect([placeIn(accept, v1), placeIn(accept, v2)]).toEqual([one, two]);
});

test.each<[string | undefined, boolean]>([
  [undefined, true],
  ['*/*', true],
  ['application/*;q=0.1', true],
  ['application/vnd.shop.v1+json', true],
  ['text/*', false],
  ['*/*;q=0', false],
  ['application/vnd.shop.v1+json;q=0, */*', false],
])('Accept: %s takes it: %j', (accept, isTaken) => {
  expect(takes(accept, v1)).toBe(isTaken);
});

test.each<[string | undefined, boolean]>([
  ['application/json', true],
  ['Application/JSON; charset=utf-8', true],
  ['application/json-patch+json', false],
  [undefined, false],
])('a body of %s is JSON: %j', (contentType, isJson) => {
  expect(isOf(contentType, 'application/json')).toBe(isJson);
});
