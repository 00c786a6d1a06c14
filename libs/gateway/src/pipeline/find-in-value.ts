/** The path to the first value that `wanted` holds for, with its name or index; undefined: there is none. */
export function findInValue(
  value: unknown,
  wanted: (value: unknown, name: string) => boolean,
  name = '',
): string[] | undefined {
  if (wanted(value, name)) return [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, one] of Object.entries(value)) {
    const path = findInValue(one, wanted, key);
    if (path !== undefined) return [key, ...path];
  }
  return undefined;
}
