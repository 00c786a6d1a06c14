import type { Response } from 'express';
import type { ResponseHeaders } from '@bff/proxy';
import { toExactJson } from './to-exact-json.js';

/** Answers with 200. Nobody keeps it, unless the route says so in `responseHeaders`. */
export function sendJson(
  response: Response,
  rules: ResponseHeaders,
  value: unknown,
  more: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(toExactJson(value));
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(body.length),
    'cache-control': 'no-store',
    ...more,
  };
  response.writeHead(200, rules.toClient(Object.entries(headers).flat())).end(body);
}
