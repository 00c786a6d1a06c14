import { z } from 'zod';
import { type Duration, toMs } from './duration.js';
import { maxFreshMs } from './rendering/known-tags.js';
import type { Section } from './section.js';
import { Meta, type SectionReport } from './section-report.js';

export type Sections = Readonly<Record<string, Section>>;

/** What a loader can call. */
export interface LoaderTools<S extends Sections> {
  /** Waits for another section, each of which is loaded once. Fails as that one does when nothing stands in for it. */
  need<K extends keyof S>(section: K): Promise<z.output<S[K]['schema']>>;
  /** Leaves this section out, as `when` does: for what is known only once other sections are there. */
  skip(): never;
}

/** One loader a section; they run in parallel. What a loader gives and the schema does not name is dropped. */
export type Loaders<S extends Sections> = {
  readonly [K in keyof S]: (
    tools: LoaderTools<S>,
  ) => z.input<S[K]['schema']> | Promise<z.input<S[K]['schema']>>;
};

/**
 * Whose failure fails an answer. `required-only`: that of a required section, and of all sections together.
 * `all`: any. `best-effort`: none; there is an answer even when all sections failed.
 */
export type Policy = 'required-only' | 'all' | 'best-effort';

export interface ViewOptions {
  /** `required-only` where nothing is said. */
  readonly policy?: Policy;
  /** What a whole answer may weigh as JSON, not compressed. A test fails beyond it; in production it is told. */
  readonly maxBytes?: number;
  /** How many calls to services one answer may take. */
  readonly maxUpstreamCalls?: number;
  /**
   * For so long, 5 minutes at most, a caller who has the answer (`If-None-Match`) is told that it is still right, and
   * nothing is loaded. Ends before that with anything but a GET or HEAD of the same caller.
   */
  readonly freshFor?: Duration;
}

/** A screen: the contract of its answer. Made by defineView. */
export interface View<S extends Sections = Sections> {
  readonly name: string;
  readonly sections: S;
  /** The same sections, whose schemas check several times as fast and tell less about themselves. */
  readonly compiled: Sections;
  readonly options: ViewOptions & { readonly policy: Policy; readonly freshForMs?: number };
  /** The answer as a whole. */
  readonly schema: z.ZodObject;
  /** Whether a section has `staleFor`. */
  readonly keepsLastGood: boolean;
  /** A controller's answer: nothing is loaded before it is known what the caller wants, and in which form. */
  load(loaders: Loaders<S>): ViewLoad;
}

/** A view and where its sections come from; loaded when it is rendered. */
export class ViewLoad {
  constructor(
    readonly view: View,
    readonly loaders: Readonly<Record<string, Loader>>,
  ) {}
}
export type Loader = (tools: LoaderTools<Sections>) => unknown;

/** A loaded view. */
export interface ViewAnswer {
  /** Rendered sections that are there, in declared order. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Of all sections that were loaded, or not for a reason. */
  readonly reports: Readonly<Record<string, SectionReport>>;
}

/**
 * The contract of a screen. Throws, so that the gateway does not start, for a policy that its sections contradict.
 * Two sections of one name do not compile.
 */
export function defineView<S extends Sections>(
  name: string,
  sections: S,
  options: ViewOptions = {},
): View<S> {
  const policy = options.policy ?? 'required-only';
  const mustBe = Object.keys(sections).filter((key) => sections[key]?.required);
  if (policy === 'best-effort' && mustBe.length > 0)
    throw new Error(
      `view ${name}: with best-effort every section is optional; required: ${mustBe.join(', ')}`,
    );
  const freshForMs = options.freshFor === undefined ? undefined : toMs(options.freshFor);
  if (freshForMs !== undefined && freshForMs > maxFreshMs)
    throw new Error(
      `view ${name}: freshFor is ${maxFreshMs / 60_000} minutes at most, not ${options.freshFor}`,
    );
  const view: View<S> = {
    name,
    sections,
    compiled: compileSchemas(sections),
    options: { ...options, policy, ...(freshForMs === undefined ? {} : { freshForMs }) },
    schema: answerSchema(sections),
    keepsLastGood: Object.values(sections).some(({ staleForMs }) => staleForMs !== undefined),
    load: (loaders) => new ViewLoad(view, loaders),
  };
  return view;
}

/** The names of those that are in the answer, in declared order. */
export function renderedSections({ sections }: Pick<View, 'sections'>): string[] {
  return Object.keys(sections).filter((name) => sections[name]?.rendered);
}

function answerSchema(sections: Sections): z.ZodObject {
  const fields = renderedSections({ sections }).flatMap((key) => {
    const section = sections[key];
    return section === undefined
      ? []
      : [[key, section.mayBeAbsent ? section.schema.optional() : section.schema]];
  });
  return z.object({ ...(Object.fromEntries(fields) as z.ZodRawShape), _meta: Meta.optional() });
}

function compileSchemas(sections: Sections): Sections {
  const quick = Object.entries(sections).map(([key, section]) => [
    key,
    { ...section, schema: z.compile(section.schema) },
  ]);
  return Object.fromEntries(quick) as Sections;
}
