import type { Request } from 'express';

/** The forms of an answer: one schema, four ways to write it down. The first is for those who take any. */
export const mediaTypes = {
  json: 'application/json',
  xml: 'application/xml',
  ndjson: 'application/x-ndjson',
  sse: 'text/event-stream',
} as const;
export type Form = keyof typeof mediaTypes;

/** What a caller may say who takes JSON in any case; others are negotiated with. */
const plain = new Set<string | undefined>([undefined, '*/*', 'application/json']);
const forms = Object.entries(mediaTypes) as [Form, string][];
const offered = forms.map(([, type]) => type);

/** Of the forms that the caller takes the one it prefers; JSON where it does not care. Undefined: none. */
export function formFor(request: Request): Form | undefined {
  if (plain.has(request.headers.accept)) return 'json';
  const type = request.accepts(offered);
  return forms.find(([, offer]) => offer === type)?.[0];
}
