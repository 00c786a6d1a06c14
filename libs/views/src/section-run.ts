import { Deadline, PatientTimeout, type RequestContext, runInContext } from '@bff/context';
import { UpstreamError } from '@bff/problem';
import type { LastGood } from './last-good.js';
import type { Section } from './section.js';
import { mayBeStale, toSectionFailure } from './section-failure.js';
import { toJson } from './rendering/to-json.js';
import type { SectionReport } from './section-report.js';
import type { Loader } from './view.js';

/** What became of one section. */
export interface SectionResult {
  readonly section: string;
  readonly report: SectionReport;
  /** Undefined: the answer does not have it. */
  readonly value: unknown;
  /** The value as JSON, where somebody needed that already. */
  readonly json?: string;
  /** What those get who need it while nothing stands in for it. */
  readonly failure?: Error;
  /** On the clock of `performance.now()`. */
  readonly startedMs: number;
  /** From its start to its end, waiting for others included. */
  readonly durationMs: number;
  /** The services that were called for it, once for each call. */
  readonly upstreams: readonly string[];
}
type Outcome = Pick<SectionResult, 'report' | 'value' | 'json' | 'failure'>;

interface SectionRunOptions {
  readonly view: string;
  readonly name: string;
  readonly section: Section;
  readonly loader: Loader;
  /** Nothing may stand in for it. */
  readonly isVital: boolean;
  /** That of the view, which all its sections share; undefined: outside of a request. */
  readonly context: RequestContext | undefined;
  readonly lastGood: LastGood | undefined;
  readonly need: (other: string) => Promise<unknown>;
}

/** Thrown where a section is to be left out. */
class SkippedError extends Error {}

const ok: SectionReport = { status: 'ok' };

/** Loads one section, once. */
export class SectionRun {
  private readonly upstreams: string[] = [];
  private cut: ((error: Error) => void) | undefined;

  constructor(private readonly options: SectionRunOptions) {}

  /** Rejects with what the whole answer fails with. */
  async run(): Promise<SectionResult> {
    const { name, section, context } = this.options;
    const startedMs = performance.now();
    let outcome: Outcome;
    try {
      if (section.when !== undefined && !(await section.when({ caller: context?.caller }))) skip();
      outcome = this.read(await this.load());
    } catch (thrown) {
      outcome = await this.standIn(thrown);
    }
    return {
      section: name,
      ...outcome,
      startedMs,
      durationMs: performance.now() - startedMs,
      upstreams: this.upstreams,
    };
  }

  /** Its time is over, whatever it waits for. */
  cutOff(): void {
    this.cut?.(this.tooLate('not within the deadline of the request'));
  }

  /** The schema is an allow-list: what it does not name is dropped, what it names must be there. */
  private read(loaded: unknown): Outcome {
    const { name, section, lastGood } = this.options;
    const result = section.schema.safeParse(loaded);
    if (result.success) {
      const { data: value } = result;
      if (lastGood === undefined || section.staleForMs === undefined) return { report: ok, value };
      const json = toJson(value);
      lastGood.keep(name, section, json);
      return { report: ok, value, json };
    }
    const [issue] = result.error.issues;
    const where = issue?.path.join('.') ?? '';
    throw new UpstreamError(name, 'bad_response', `section: ${where}: ${issue?.message ?? ''}`);
  }

  /** Rethrows where nothing may stand in. */
  private async standIn(thrown: unknown): Promise<Outcome> {
    const { view, name, section, isVital, lastGood } = this.options;
    const { otherwise } = section;
    if (thrown instanceof SkippedError)
      return { report: { status: 'skipped' }, value: otherwise?.value, failure: thrown };
    if (isVital) throw thrown;
    const reason = toSectionFailure(`${view}.${name}`, thrown);
    const kept = mayBeStale(section, reason) ? await lastGood?.find(name, section) : undefined;
    if (kept !== undefined)
      return { report: { status: 'stale', reason, ageMs: kept.ageMs }, value: kept.value };
    if (otherwise !== undefined) return { report: { status: 'fallback', reason }, value: otherwise.value };
    const failure = thrown instanceof Error ? thrown : new Error(String(thrown));
    return { report: { status: 'failed', reason }, value: undefined, failure };
  }

  /** Ends with the loader, with the time that the section has, or when it is cut off. */
  private load(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.cut = reject;
      const loading = this.start();
      const { withinMs } = this.options.section;
      if (withinMs === undefined) return void loading.then(resolve, reject);
      const timer = new PatientTimeout(() => reject(this.tooLate(`not within ${withinMs} ms`)), withinMs);
      loading.finally(() => timer.clear()).then(resolve, reject);
    });
  }

  private async start(): Promise<unknown> {
    const { loader, need } = this.options;
    const context = this.ownContext();
    const work = (): unknown => loader({ need, skip });
    return context === undefined ? work() : runInContext(context, work);
  }

  /** A shorter deadline ends calls to services at the socket. */
  private ownContext(): RequestContext | undefined {
    const { context, section } = this.options;
    if (context === undefined) return undefined;
    const onUpstreamCall = (name: string): unknown => this.upstreams.push(name);
    const { withinMs } = section;
    const deadline =
      withinMs === undefined
        ? context.deadline
        : Deadline.after(Math.min(withinMs, context.deadline.remainingMs()));
    return { ...context, deadline, shared: context, onUpstreamCall };
  }

  private tooLate(why: string): UpstreamError {
    return new UpstreamError(this.options.name, 'timeout', `section: ${why}`);
  }
}

function skip(): never {
  throw new SkippedError();
}
