import { UpstreamError } from '@bff/problem';
import type { z } from 'zod';

/** Checks what a service answered against what this gateway relies on; what the schema does not name is dropped. */
export function readAnswer<S extends z.ZodType>(upstream: string, schema: S, answer: unknown): z.output<S> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const places = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new UpstreamError(upstream, 'bad_response', `not what was agreed: ${places.slice(0, 5).join('; ')}`);
}
