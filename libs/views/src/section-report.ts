import { failureReasons } from '@bff/problem';
import { z } from 'zod';

/** How one section came about, as `_meta` tells it. `ageMs` goes with `stale`. */
export const SectionReport = z.object({
  status: z.enum(['ok', 'stale', 'fallback', 'failed', 'skipped']),
  reason: z.enum(failureReasons).optional(),
  ageMs: z.int().optional(),
});
export type SectionReport = z.infer<typeof SectionReport>;

/** Tells a frontend what it got, and what it did not. */
export const Meta = z.object({ complete: z.boolean(), sections: z.record(z.string(), SectionReport) });
export type Meta = z.infer<typeof Meta>;
