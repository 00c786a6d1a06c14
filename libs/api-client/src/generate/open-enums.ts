/**
 * The same without enumerations that may grow: what reads them strictly would fail at the first new value. Their values
 * so far become those of `x-extensible-enum`.
 */
export function withOpenEnums<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withOpenEnums) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const { enum: values, ...rest } = value as Record<string, unknown>;
  const isOpen = rest['x-extensible-enum'] === true && values !== undefined;
  const members = Object.entries(isOpen ? { ...rest, 'x-extensible-enum': values } : value);
  return Object.fromEntries(members.map(([name, one]) => [name, withOpenEnums(one)])) as Value;
}
