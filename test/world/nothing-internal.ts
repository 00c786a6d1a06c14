import type { Answer } from '@bff/testing';
import { root } from '../conventions/packages.js';
import type { Bff } from './bff.js';

/** Nothing of what is behind the gateway: not where it is, not what it said, not what code of ours failed. */
export function expectNothingInternal(bff: Bff, answer: Pick<Answer, 'text' | 'headers'>): void {
  const told = answer.text + JSON.stringify(answer.headers);
  const ports = [bff.users.url, bff.orders.url, bff.catalog.url, bff.issuer.url].map(
    (url) => new URL(url).port,
  );
  for (const word of [
    'internal w',
    '127.0.0.1',
    'localhost',
    '::1',
    root,
    'node_modules',
    '.ts:',
    '.js:',
    'Error:',
    'ECONN',
    'UND_ERR',
    'grpc',
    'zod',
    'express',
    'nest',
    'undici',
  ])
    expect(told.toLowerCase()).not.toContain(word.toLowerCase());
  for (const port of ports) expect(told).not.toMatch(new RegExp(`\\b${port}\\b`));
}
