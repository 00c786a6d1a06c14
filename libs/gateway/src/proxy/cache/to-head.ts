import type { AnswerHead } from './to-keeping.js';

/** `raw`: name and value in turns. */
export function toHead(status: number, raw: readonly string[]): AnswerHead {
  const headers = Object.create(null) as Record<string, string>;
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase();
    const value = raw[index + 1] ?? '';
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return { status, headers };
}
