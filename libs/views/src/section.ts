import type { z } from 'zod';

/** One part of a view's answer: what it looks like, and what its failure means. */
export interface Section<S extends z.ZodType = z.ZodType> {
  readonly schema: S;
  /** Stands in when loading fails; a section without one fails the whole answer. */
  readonly otherwise?: { readonly value: z.output<S> };
  /** Its own time limit inside the request's deadline. */
  readonly withinMs?: number;
  /** False for what only feeds other sections: reported in `_meta`, absent from the answer. */
  readonly rendered: boolean;
}

interface Limits {
  readonly withinMs?: number;
}

interface Fallback<S extends z.ZodType> extends Limits {
  readonly otherwise: z.output<S>;
}

/** The screen is worth nothing without it: its failure fails the answer. */
export function required<S extends z.ZodType>(schema: S, limits: Limits = {}): Section<S> {
  return { schema, rendered: true, ...limits };
}

/** The screen can do without it: its failure puts `otherwise` in its place. */
export function optional<S extends z.ZodType>(schema: S, { otherwise, ...limits }: Fallback<S>): Section<S> {
  return { schema, rendered: true, otherwise: { value: otherwise }, ...limits };
}

/** Feeds other sections through `need` and is not part of the answer; required unless it has an `otherwise`. */
export function supporting<S extends z.ZodType>(
  schema: S,
  options: Limits & Partial<Fallback<S>> = {},
): Section<S> {
  const { otherwise, ...limits } = options;
  return {
    schema,
    rendered: false,
    ...(otherwise === undefined ? {} : { otherwise: { value: otherwise } }),
    ...limits,
  };
}
