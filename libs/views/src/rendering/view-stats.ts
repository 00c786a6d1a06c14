import { Logger } from '@nestjs/common';
import type { LoadedView } from '../load-view.js';
import type { SectionResult } from '../section-run.js';
import type { View } from '../view.js';
import { toJson } from './to-json.js';

export interface SectionCount {
  readonly view: string;
  readonly section: string;
  readonly status: string;
  readonly reason: string;
  /** The services that were called for it, with + between; empty: none, or together with other sections. */
  readonly upstream: string;
  count: number;
  seconds: number;
}

export type Budget = 'bytes' | 'upstream calls';

/** An answer that took more than its view allows itself. */
export interface OverBudget {
  readonly view: string;
  readonly budget: Budget;
  readonly limit: number;
  readonly actual: number;
  /** How much of it each section took, most first; what several took together is `(shared)`. */
  readonly sections: readonly (readonly [section: string, amount: number])[];
}

const logger = new Logger('Views');

/** What became of the sections of all views since start, and which views went over their budgets. */
export class ViewStats {
  /** By view and section; few ways a section ends are met. */
  private readonly counts = new Map<string, Map<string, SectionCount[]>>();
  private readonly over = new Map<string, { readonly worst: OverBudget; count: number }>();

  /** Answers that were not loaded, because the caller has them and they are fresh, by view. */
  readonly unchanged = new Map<string, number>();

  get sections(): Iterable<SectionCount> {
    return [...this.counts.values()].flatMap((sections) => [...sections.values()].flat());
  }

  /** The worst of each view and budget, and how many there were. */
  get overBudget(): Iterable<{ readonly worst: OverBudget; readonly count: number }> {
    return this.over.values();
  }

  countSection(view: string, { section, report, durationMs, upstreams }: SectionResult): void {
    const { status, reason = '' } = report;
    const upstream = namesOf(upstreams);
    const known = this.countsOf(view, section);
    let entry = known.find(
      (one) => one.status === status && one.reason === reason && one.upstream === upstream,
    );
    if (entry === undefined) {
      entry = { view, section, status, reason, upstream, count: 0, seconds: 0 };
      known.push(entry);
    }
    entry.count += 1;
    entry.seconds += durationMs / 1_000;
  }

  countUnchanged(view: string): void {
    this.unchanged.set(view, (this.unchanged.get(view) ?? 0) + 1);
  }

  private countsOf(view: string, section: string): SectionCount[] {
    let sections = this.counts.get(view);
    if (sections === undefined) this.counts.set(view, (sections = new Map()));
    let counts = sections.get(section);
    if (counts === undefined) sections.set(section, (counts = []));
    return counts;
  }

  checkCalls({ name, options }: View, { results, sharedUpstreams }: LoadedView): void {
    const limit = options.maxUpstreamCalls;
    if (limit === undefined) return;
    const actual = results.reduce((sum, { upstreams }) => sum + upstreams.length, sharedUpstreams.length);
    if (actual <= limit) return;
    const own = results.map(({ section, upstreams }) => [section, upstreams.length] as const);
    const sections = ranked([...own, ['(shared)', sharedUpstreams.length]]);
    this.report({ view: name, budget: 'upstream calls', limit, actual, sections });
  }

  /** `body`: as JSON; `values`: what is in it. */
  checkBytes({ name, options }: View, body: string, values: Readonly<Record<string, unknown>>): void {
    const limit = options.maxBytes;
    if (limit === undefined) return;
    const bytes = Buffer.byteLength(body);
    if (bytes <= limit) return;
    const sizes = Object.entries(values).map(
      ([section, value]) => [section, Buffer.byteLength(toJson(value) ?? '')] as const,
    );
    this.report({ view: name, budget: 'bytes', limit, actual: bytes, sections: ranked(sizes) });
  }

  /** One warning a view and budget: the metric tells how often. */
  private report(over: OverBudget): void {
    const key = `${over.view}\0${over.budget}`;
    const known = this.over.get(key);
    if (known === undefined) logger.warn(describeOverBudget(over));
    const worst = known !== undefined && known.worst.actual >= over.actual ? known.worst : over;
    this.over.set(key, { worst, count: (known?.count ?? 0) + 1 });
  }
}

function namesOf(upstreams: readonly string[]): string {
  const [first = ''] = upstreams;
  return upstreams.length < 2 ? first : [...new Set(upstreams)].toSorted().join('+');
}

/** Says by how much, and which section it is. */
export function describeOverBudget({ view, budget, limit, actual, sections }: OverBudget): string {
  const parts = sections.map(([section, amount]) => `${section} ${amount}`).join(', ');
  return `view ${view}: ${actual} ${budget}, ${actual - limit} over its budget of ${limit}: ${parts}`;
}

function ranked(sections: readonly (readonly [string, number])[]): (readonly [string, number])[] {
  return sections.filter(([, amount]) => amount > 0).toSorted(([, one], [, other]) => other - one);
}
