const nothing: ReadonlySet<string> = new Set();

/** The headers that `Connection` names, and with them belong to this connection only (RFC 9110, section 7.6.1). */
export function connectionNames(rawHeaders: readonly string[]): ReadonlySet<string> {
  let names: Set<string> | undefined;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    names ??= new Set();
    for (const one of (rawHeaders[index + 1] ?? '').split(',')) names.add(one.trim().toLowerCase());
  }
  return names ?? nothing;
}
