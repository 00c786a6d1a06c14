import type { Request } from 'express';
import { createTagOf, hasAlready } from './entity-tag.js';

const tag = (await createTagOf())('{}');
const strong = tag.slice(2);
const ask = (header: string | undefined, method = 'GET') =>
  hasAlready({ method, headers: { 'if-none-match': header, 'cache-control': 'no-cache' } } as Request, tag);

test.each([tag, strong, `"a", ${tag}`, `W/"b",${strong} ,"c"`, '*', ' * '])(
  'If-None-Match: %s names what the caller has',
  (header) => expect([ask(header), ask(header, 'HEAD'), ask(header, 'POST')]).toEqual([true, true, false]),
);

test.each([undefined, '', '"other"', strong.replaceAll('"', ''), `"${strong}`, `"x${strong.slice(1)}`])(
  'If-None-Match: %s names something else',
  (header) => expect(ask(header)).toBe(false),
);
