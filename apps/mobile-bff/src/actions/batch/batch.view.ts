import { defineView, listOf, required } from '@bff/views';
import { z } from 'zod';

const maxCalls = 20;

const Call = z.strictObject({
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z
    .string()
    .max(2_000)
    .regex(/^\/v1\/[\x21-\x7e]*$/, 'expected a path of this gateway, such as /v1/home')
    .refine((path) => !/^\/v1\/batch\b/i.test(decodeLoosely(path)), 'a batch cannot hold another batch'),
  headers: z
    .record(
      z.string().max(200),
      z
        .string()
        .max(1_000)
        .regex(/^[\x20-\x7e]*$/, 'expected printable ASCII'),
    )
    .optional(),
  body: z.unknown().optional(),
});

/** Up to 20 calls of the same caller, answered in one round trip, in the order they were sent. */
export const BatchInput = z.strictObject({
  calls: z
    .array(Call)
    .min(1)
    .max(maxCalls)
    .meta({ examples: [[{ method: 'GET', path: '/v1/config' }]] }),
});
export type BatchInput = z.infer<typeof BatchInput>;

const Result = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()).meta({ examples: [{ 'content-type': 'application/json' }] }),
  body: z.unknown().meta({ examples: [{ versions: {}, features: { offlineOrders: false } }] }),
});

/** One result for each call, in the same order, each with a status of its own. */
export const BatchResults = defineView('BatchResults', { results: required(listOf('result', Result)) });

function decodeLoosely(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
