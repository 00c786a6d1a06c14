/** Path and query. Throws a TypeError where a value would lead to another route. */
export function toTarget({ path, params = {} }, { fields = [] }) {
  const rest = new Map(Object.entries({ ...params }));
  const filled = path.replaceAll(/\{([^}]+)\}/g, (_match, name) => {
    const value = rest.get(name);
    rest.delete(name);
    return toSegment(name, value);
  });
  const query = new URLSearchParams();
  for (const [name, value] of rest)
    for (const one of Array.isArray(value) ? value : [value ?? []].flat()) query.append(name, String(one));
  if (fields.length > 0) query.set('fields', fields.join(','));
  return query.size === 0 ? filled : `${filled}?${query.toString()}`;
}
/** Dots alone are resolved by whoever reads the URL, also when they are escaped. */
function toSegment(name, value) {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (text === '' || text === '.' || text === '..')
    throw new TypeError(`"${text}" cannot be the ${name} of anything.`);
  return encodeURIComponent(text);
}
export function toHeaders({ body }, options, accept) {
  return {
    accept,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(options.ifNoneMatch === undefined ? {} : revalidating(options.ifNoneMatch)),
    ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
    ...(options.timeoutMs === undefined ? {} : { 'x-timeout-ms': String(options.timeoutMs) }),
  };
}
/** Without a `Cache-Control` of ours `fetch` adds `no-cache`, which asks a server for the whole answer again. */
function revalidating(etag) {
  return { 'if-none-match': etag, 'cache-control': 'max-age=0' };
}
