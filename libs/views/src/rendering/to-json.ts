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
