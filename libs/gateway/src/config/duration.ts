import { z } from 'zod';

const unitsMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `400ms`, `2s`, `10m`, `1h` as milliseconds. */
export const Duration = z
  .string()
  .regex(/^\d+(ms|s|m|h)$/, 'expected a duration such as 400ms, 2s or 10m')
  .transform((text) => {
    const [, count = '', unit = 'ms'] = /^(\d+)(\w+)$/.exec(text) ?? [];
    return Number(count) * unitsMs[unit as keyof typeof unitsMs];
  });
