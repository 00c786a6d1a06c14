import { z } from 'zod';

const unitsBytes = { KiB: 1_024, MiB: 1_048_576, GiB: 1_073_741_824 } as const;

/** `64KiB`, `16MiB`, `1GiB` as bytes. */
export const Size = z
  .string()
  .regex(/^[1-9]\d*(KiB|MiB|GiB)$/, 'expected a size such as 64KiB or 16MiB')
  .transform((text) => {
    const [, count = '', unit = 'KiB'] = /^(\d+)(\w+)$/.exec(text) ?? [];
    return Number(count) * unitsBytes[unit as keyof typeof unitsBytes];
  });
