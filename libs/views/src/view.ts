import { z } from 'zod';
import { loadSections } from './load-sections.js';
import type { Section } from './section.js';
import { Meta, type SectionReport } from './section-report.js';

export type Sections = Readonly<Record<string, Section>>;

/** What a loader can call: `need` waits for another section, each of which is loaded once. */
export interface LoaderTools<S extends Sections> {
  need<K extends keyof S>(section: K): Promise<z.output<S[K]['schema']>>;
}

/** One loader a section; they run in parallel. What a loader gives and the schema does not name is dropped. */
export type Loaders<S extends Sections> = {
  readonly [K in keyof S]: (
    tools: LoaderTools<S>,
  ) => z.input<S[K]['schema']> | Promise<z.input<S[K]['schema']>>;
};

/** A loaded view, ready to be rendered: what a view's `load` gives. */
export class ViewAnswer {
  constructor(
    readonly view: View,
    /** Rendered sections only, in declared order. */
    readonly values: Readonly<Record<string, unknown>>,
    readonly reports: Readonly<Record<string, SectionReport>>,
  ) {}
}

/** A screen: the contract of its answer. Made by defineView. */
export interface View<S extends Sections = Sections> {
  readonly name: string;
  readonly sections: S;
  /** The answer as a whole. */
  readonly schema: z.ZodObject;
  /**
   * Loads all sections. Rejects with the failure of a required section, and with mistakes of the caller
   * (ProblemError); every other failure is in the reports.
   */
  load(loaders: Loaders<S>): Promise<ViewAnswer>;
}

export function defineView<S extends Sections>(name: string, sections: S): View<S> {
  const rendered = Object.entries(sections).filter(([, section]) => section.rendered);
  const fields = Object.fromEntries(rendered.map(([key, section]) => [key, section.schema]));
  const quick = compileSchemas(sections);
  const view: View<S> = {
    name,
    sections,
    schema: z.object({ ...fields, _meta: Meta.optional() }),
    load: async (loaders) => {
      const results = await loadSections(name, quick, loaders);
      const values: Record<string, unknown> = {};
      const reports: Record<string, SectionReport> = {};
      for (const { section, report, value } of results) {
        if (sections[section]?.rendered) values[section] = value;
        reports[section] = report;
      }
      return new ViewAnswer(view, values, reports);
    },
  };
  return view;
}

/** The same, several times as fast to check. The originals stay in the view for those who describe it. */
function compileSchemas<S extends Sections>(sections: S): S {
  const quick = Object.entries(sections).map(([key, section]) => [
    key,
    { ...section, schema: z.compile(section.schema) },
  ]);
  return Object.fromEntries(quick) as S;
}
