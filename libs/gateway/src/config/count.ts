import { z } from 'zod';

/** A whole number above 0; as text too, since that is what an environment variable gives. */
export const count = z.union([
  z.int().positive(),
  z
    .string()
    .regex(/^[1-9]\d*$/)
    .transform(Number),
]);
