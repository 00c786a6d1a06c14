import { currentContext, Ending, PatientTimeout, type RequestContext } from '@bff/context';
import { AbandonedError, UpstreamError } from '@bff/problem';
import type { LastGood } from './last-good.js';
import type { SectionReport } from './section-report.js';
import { type SectionResult, SectionRun } from './section-run.js';
import type { ViewAnswer, ViewLoad } from './view.js';
import { WaitGraph } from './wait-graph.js';

export interface LoadOptions {
  /** The rendered sections to load, and what they need; undefined: all. */
  readonly wanted?: ReadonlySet<string> | undefined;
  /** Where the values of sections with `staleFor` are kept; undefined: nowhere. */
  readonly lastGood?: LastGood | undefined;
  /** Told of each section, in the order in which they are ready. */
  readonly onSection?: ((result: SectionResult) => void) | undefined;
}

export interface LoadedView extends ViewAnswer {
  /** In declared order. */
  readonly results: readonly SectionResult[];
  /** Services called for several sections at once. */
  readonly sharedUpstreams: readonly string[];
}

/** Calls to services end at the deadline, with a reason; only what waits for something else is cut off after it. */
const graceMs = 50;

/**
 * Loads every wanted section once, in parallel, in an order that `need` decides. When one fails that the answer cannot
 * do without, the calls of all others end. Rejects with the failure of such a section, with mistakes of the caller
 * (ProblemError), and when the caller has gone; every other failure is in the reports.
 */
export function loadView(load: ViewLoad, options: LoadOptions = {}): Promise<LoadedView> {
  return new ViewRun(load, options).run();
}

class ViewRun {
  private readonly started = new Map<string, Promise<SectionResult>>();
  private readonly done = new Map<string, SectionResult>();
  private readonly runs: SectionRun[] = [];
  private readonly answer = Promise.withResolvers<LoadedView>();
  private readonly outer = currentContext();
  private readonly ending = new Ending(this.outer?.ending);
  private readonly sharedUpstreams: string[] = [];
  private readonly context: RequestContext | undefined;
  private waits: WaitGraph | undefined;
  private timer: PatientTimeout | undefined;
  private isOver = false;
  /** The caller has gone, or what the view is part of is not needed any more. */
  private readonly onEnd = (reason: unknown): void => this.fail(reason);

  constructor(
    private readonly load: ViewLoad,
    private readonly options: LoadOptions,
  ) {
    this.context = this.outer && {
      ...this.outer,
      ending: this.ending,
      onUpstreamCall: (name) => this.sharedUpstreams.push(name),
    };
  }

  run(): Promise<LoadedView> {
    const { compiled } = this.load.view;
    const { wanted } = this.options;
    this.ending.add(this.onEnd);
    const remainingMs = this.context?.deadline.remainingMs();
    if (remainingMs !== undefined)
      this.timer = new PatientTimeout(() => this.cutOff(), remainingMs + graceMs);
    for (const name of Object.keys(compiled))
      if (wanted === undefined || wanted.has(name)) void this.start(name);
    if (this.started.size === 0) this.succeed();
    return this.answer.promise;
  }

  private start(name: string): Promise<SectionResult> {
    const known = this.started.get(name);
    if (known !== undefined) return known;
    const { view, loaders } = this.load;
    const section = view.compiled[name];
    const loader = loaders[name];
    if (section === undefined || loader === undefined)
      throw new Error(`view ${view.name} has no section "${name}"`);
    const run = new SectionRun({
      view: view.name,
      name,
      section,
      loader,
      isVital: section.required || view.options.policy === 'all',
      context: this.context,
      lastGood: this.options.lastGood,
      need: (other) => this.need(name, other),
    });
    this.runs.push(run);
    // In a microtask of its own, so that it is known as started before it can need a section that needs it.
    const result = Promise.resolve().then(() => run.run());
    this.started.set(name, result);
    result.then(
      (done) => this.onDone(done),
      (error: unknown) => this.fail(error),
    );
    return result;
  }

  private async need(name: string, other: string): Promise<unknown> {
    this.waits ??= new WaitGraph(this.load.view.name);
    this.waits.add(name, other);
    const { value, failure } = await this.start(other);
    if (value === undefined && failure !== undefined) throw failure;
    return value;
  }

  private onDone(result: SectionResult): void {
    this.done.set(result.section, result);
    if (this.isOver) return;
    this.options.onSection?.(result);
    if (this.done.size === this.started.size) this.succeed();
  }

  private succeed(): void {
    const { view } = this.load;
    const results = Object.keys(view.compiled).flatMap((name) => this.done.get(name) ?? []);
    const values: Record<string, unknown> = {};
    const reports: Record<string, SectionReport> = {};
    let failure: SectionResult | undefined;
    let isAnything = view.options.policy === 'best-effort';
    for (const result of results) {
      const { section, value, report } = result;
      reports[section] = report;
      if (!view.compiled[section]?.rendered) continue;
      if (value !== undefined) values[section] = value;
      if (report.status === 'fallback' || report.status === 'failed') failure ??= result;
      else isAnything = true;
    }
    if (failure !== undefined && !isAnything) return this.fail(this.allFailed(failure));
    this.finish();
    this.answer.resolve({ values, reports, results, sharedUpstreams: this.sharedUpstreams });
  }

  private allFailed({ section, report }: SectionResult): UpstreamError {
    const why = `view ${this.load.view.name}: no section could be loaded`;
    return new UpstreamError(section, report.reason ?? 'bad_response', why);
  }

  private fail(error: unknown): void {
    if (this.isOver) return;
    this.finish();
    this.ending.end(new AbandonedError());
    this.answer.reject(error);
  }

  private finish(): void {
    this.isOver = true;
    this.ending.remove(this.onEnd);
    this.timer?.clear();
  }

  private cutOff(): void {
    for (const run of this.runs) run.cutOff();
  }
}
