type Headers = Readonly<Record<string, string>>;

/** The request headers that chose a stored answer, as they were then; undefined: there was none. */
export type Vary = ReadonlyMap<string, string | undefined>;

/** What says who is calling never enters the cache: the identity of the call stands for it. */
const credentials = new Set(['authorization', 'proxy-authorization', 'cookie']);

/** Undefined for `*`: what such an answer depends on is not in the request, so none is ever reused. */
export function readVary(header: string | undefined, request: Headers): Vary | undefined {
  const vary = new Map<string, string | undefined>();
  for (const item of header?.split(',') ?? []) {
    const name = item.trim().toLowerCase();
    if (name === '*') return undefined;
    if (name !== '') vary.set(name, valueOf(name, request));
  }
  return vary;
}

export function varyMatches(vary: Vary, request: Headers): boolean {
  for (const [name, value] of vary) {
    if (valueOf(name, request) !== value) return false;
  }
  return true;
}

/**
 * Whether all callers may choose by it. A header that is not seen here may be one that is added for each caller on
 * the way to the service; only those of content negotiation are known not to be.
 */
export function isSeenByAll(vary: Vary): boolean {
  for (const [name, value] of vary) {
    if (value === undefined && !name.startsWith('accept')) return false;
  }
  return true;
}

function valueOf(name: string, request: Headers): string | undefined {
  return Object.hasOwn(request, name) && !credentials.has(name) ? request[name] : undefined;
}
