const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

/** As JSON.stringify; bigints are written as the numbers that they are. */
export function toExactJson(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'bigint' ? rawJSON(String(one)) : one,
  );
}
