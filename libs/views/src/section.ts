import { hash } from 'node:crypto';
import type { Caller } from '@bff/context';
import { z } from 'zod';
import { type Duration, toMs } from './duration.js';

/** What a condition can go by. */
export interface SectionFacts {
  /** Absent on public routes. */
  readonly caller: Caller | undefined;
}

/** One part of a view's answer: what it looks like, and what its failure means. */
export interface Section<S extends z.ZodType = z.ZodType, Absent extends boolean = boolean> {
  readonly schema: S;
  /** False for what only feeds other sections: reported in `_meta`, absent from the answer. */
  readonly rendered: boolean;
  /** Its failure fails the answer. */
  readonly required: boolean;
  /** It may be missing from the answer: when it failed without a value to stand in, or was skipped. */
  readonly mayBeAbsent: Absent;
  /** Stands in when loading fails or is skipped. */
  readonly otherwise?: { readonly value: z.output<S> };
  /** For so long the last good value of the same caller stands in, before `otherwise` does. */
  readonly staleForMs?: number;
  /** Of the schema, where there is `staleFor`: what was kept under another one is no value of this section. */
  readonly fingerprint?: string;
  /** Its own time limit inside the request's deadline. */
  readonly withinMs?: number;
  /** False: it is skipped, and its loader not called. */
  readonly when?: (facts: SectionFacts) => boolean | Promise<boolean>;
}

interface Limits {
  readonly within?: Duration;
}
interface Condition {
  readonly when?: Section['when'];
}
interface StandIns<S extends z.ZodType> {
  readonly otherwise?: z.output<S>;
  readonly staleFor?: Duration;
}
type Optional<S extends z.ZodType> = Limits & Condition & StandIns<S>;
type WithFallback<S extends z.ZodType> = Optional<S> & { readonly otherwise: z.output<S> };

/** The screen is worth nothing without it: its failure fails the answer. With `when` it may be absent. */
export function required<S extends z.ZodType>(schema: S, options?: Limits): Section<S, false>;
export function required<S extends z.ZodType>(schema: S, options: Limits & Condition): Section<S>;
export function required<S extends z.ZodType>(schema: S, options: Limits & Condition = {}): Section<S> {
  return build(schema, options, { rendered: true, required: true });
}

/**
 * The screen can do without it. When it fails, its last good value for this caller stands in (`staleFor`), else
 * `otherwise`; with neither it is absent, and `_meta` says that it failed.
 */
export function optional<S extends z.ZodType>(schema: S, options: WithFallback<S>): Section<S, false>;
export function optional<S extends z.ZodType>(schema: S, options?: Optional<S>): Section<S>;
export function optional<S extends z.ZodType>(schema: S, options: Optional<S> = {}): Section<S> {
  return build(schema, options, { rendered: true, required: false });
}

/** Feeds other sections through `need` and is not part of the answer; required unless something can stand in. */
export function supporting<S extends z.ZodType>(schema: S, options: Optional<S> = {}): Section<S> {
  const canStandIn = options.otherwise !== undefined || options.staleFor !== undefined;
  return build(schema, options, { rendered: false, required: !canStandIn });
}

function build<S extends z.ZodType>(
  schema: S,
  { within, when, otherwise, staleFor }: Optional<S>,
  kind: Pick<Section, 'rendered' | 'required'>,
): Section<S> {
  return {
    schema,
    ...kind,
    mayBeAbsent: otherwise === undefined && (!kind.required || when !== undefined),
    ...(otherwise === undefined ? {} : { otherwise: { value: otherwise } }),
    ...(staleFor === undefined ? {} : { staleForMs: toMs(staleFor), fingerprint: fingerprintOf(schema) }),
    ...(within === undefined ? {} : { withinMs: toMs(within) }),
    ...(when === undefined ? {} : { when }),
  };
}

function fingerprintOf(schema: z.ZodType): string {
  return hash('sha1', JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any' })), 'base64url');
}
