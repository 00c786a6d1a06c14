import { UpstreamError } from '@bff/problem';
import { z } from 'zod';

/** Checks what a service answered against what this gateway relies on; what the schema does not name is dropped. */
export function readAnswer<S extends z.ZodType>(upstream: string, schema: S, answer: unknown): z.output<S> {
  const result = compiled(schema).safeParse(answer);
  if (result.success) return result.data;
  const places = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new UpstreamError(upstream, 'bad_response', `not what was agreed: ${places.slice(0, 5).join('; ')}`);
}

/** Compiling costs as much as reading some hundred small answers: nothing to do for a schema made for one call. */
const compileAtUse = 20;
const known = new WeakMap<z.ZodType, { uses: number; schema: z.ZodType }>();

/** The same schema, several times as fast where it is used again and again. */
function compiled<S extends z.ZodType>(schema: S): S {
  const entry = known.get(schema);
  if (entry === undefined) {
    known.set(schema, { uses: 1, schema });
    return schema;
  }
  entry.uses += 1;
  if (entry.uses === compileAtUse) entry.schema = z.compile(schema);
  return entry.schema as S;
}
