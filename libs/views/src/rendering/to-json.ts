/** Its types leave out what ES2026 adds. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/** As JSON.stringify, and with a bigint as the number that it is. */
export function toJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return JSON.stringify(value, (_key, member: unknown) =>
      typeof member === 'bigint' ? rawJSON(String(member)) : member,
    );
  }
}

/** The same for an object of whose members some are `texts` already. */
export function toJsonObject(
  object: Readonly<Record<string, unknown>>,
  texts: ReadonlyMap<string, string>,
): string {
  if (texts.size === 0) return toJson(object);
  const members = Object.keys(object).flatMap((name) => {
    const text: string | undefined = texts.get(name) ?? toJson(object[name]);
    return text === undefined ? [] : `${JSON.stringify(name)}:${text}`;
  });
  return `{${members.join(',')}}`;
}
