/** A GET, as far as a cache is concerned with it. */
export interface CachedRequest {
  readonly path: string;
  /** Lower-case names: what answers may vary by (accept, accept-language …). */
  readonly headers: Readonly<Record<string, string>>;
  /** Whom the answer is for; '' for nobody in particular. Always part of the key. */
  readonly identity: string;
}

const ownWishes = [
  'cache-control',
  'pragma',
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
];

/** Whether the request wants a part, a comparison or a freshness of its own: then it is the service's to answer. */
export function goesPastCache({ headers }: Pick<CachedRequest, 'headers'>): boolean {
  return ownWishes.some((name) => headers[name] !== undefined);
}
