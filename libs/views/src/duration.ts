/** How a declaration writes a time: `400ms`, `2s`, `10m`, `1h`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h'}`;

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** In milliseconds. Throws for what is no time above 0. */
export function toMs(duration: Duration): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration) ?? [];
  const ms = Number(count) * unitsMs[unit as keyof typeof unitsMs];
  if (!(ms > 0)) throw new Error(`"${duration}" is no duration: write it as 400ms, 2s, 10m or 1h`);
  return ms;
}
