/** What an app that knew `before` does not find, or finds as something else, in `now`; empty: nothing. */
export function whatIsMissing(before: unknown, now: unknown, where = ''): string[] {
  if (kindOf(before) !== kindOf(now)) return [`${where}: ${kindOf(before)}, now ${kindOf(now)}`];
  if (Array.isArray(before)) return inEvery(before, now as unknown[], where);
  if (kindOf(before) !== 'object') return [];
  return Object.entries(before as object).flatMap(([key, value]) =>
    whatIsMissing(value, (now as Record<string, unknown>)[key], `${where}/${key}`),
  );
}

/** Entries may come in another order, as sections of a stream do: each is like one of then, and each of then is there. */
function inEvery(before: readonly unknown[], now: readonly unknown[], where: string): string[] {
  if (before.length > 0 && now.length === 0) return [`${where}: entries, now none`];
  const least = (some: readonly string[][]): string[] =>
    some.toSorted((one, other) => one.length - other.length)[0] ?? [];
  return [
    ...now.flatMap((entry, at) => least(before.map((one) => whatIsMissing(one, entry, `${where}/${at}`)))),
    ...before.flatMap((one, at) =>
      least(now.map((entry) => whatIsMissing(one, entry, `${where}[then ${at}]`))),
    ),
  ];
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
