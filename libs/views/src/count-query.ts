import { z } from 'zod';

/** A whole number in a query, from 1 to `most`; `otherwise` where it is not sent. What a form sends empty is not sent. */
export function countQuery({ most, otherwise }: { readonly most: number; readonly otherwise: number }) {
  return z
    .literal('')
    .transform(() => otherwise)
    .or(z.coerce.number().int().min(1).max(most))
    .default(otherwise);
}
