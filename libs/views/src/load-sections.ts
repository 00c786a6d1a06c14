import { currentContext, Deadline, PatientTimeout, runInContext } from '@bff/context';
import { UpstreamError } from '@bff/problem';
import { abandonSiblings } from './abandon-siblings.js';
import type { Section } from './section.js';
import type { SectionReport } from './section-report.js';
import { toSectionFailure } from './section-failure.js';
import type { Loaders, LoaderTools, Sections } from './view.js';
import { WaitGraph } from './wait-graph.js';

export interface SectionResult {
  readonly section: string;
  readonly report: SectionReport;
  readonly value: unknown;
}

const ok: SectionReport = { status: 'ok' };

type Load = (tools: LoaderTools<Sections>) => unknown;

/**
 * Loads every section once, in parallel, in an order that `need` decides. In declared order. When one fails that
 * the screen cannot do without, the calls of all others end.
 */
export function loadSections<S extends Sections>(
  view: string,
  sections: S,
  loaders: Loaders<S>,
): Promise<SectionResult[]> {
  const started = new Map<string, Promise<SectionResult>>();
  let waits: WaitGraph | undefined;
  const start = (name: string): Promise<SectionResult> => {
    const known = started.get(name);
    if (known !== undefined) return known;
    const section = sections[name];
    const load = loaders[name] as Load | undefined;
    if (section === undefined || load === undefined) throw new Error(`view ${view} has no section "${name}"`);
    const need = async (other: string): Promise<unknown> => {
      waits ??= new WaitGraph(view);
      waits.add(name, other);
      return (await start(other)).value;
    };
    // In a microtask of its own, so that it is known as started before it can need a section that needs it.
    const result = Promise.resolve().then(() => loadSection(view, name, section, () => load({ need })));
    started.set(name, result);
    return result;
  };
  return abandonSiblings(() => Promise.all(Object.keys(sections).map(start)));
}

async function loadSection(
  view: string,
  name: string,
  section: Section,
  load: () => unknown,
): Promise<SectionResult> {
  try {
    const loaded = await (section.withinMs === undefined ? load() : within(section.withinMs, name, load));
    return { section: name, report: ok, value: readSection(name, section, loaded) };
  } catch (thrown) {
    if (section.otherwise === undefined) throw thrown;
    const reason = toSectionFailure(`${view}.${name}`, thrown);
    return { section: name, report: { status: 'fallback', reason }, value: section.otherwise.value };
  }
}

/** The schema is an allow-list: what it does not name is dropped, what it names must be there. */
function readSection(name: string, { schema }: Section, loaded: unknown): unknown {
  const result = schema.safeParse(loaded);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new UpstreamError(
    name,
    'bad_response',
    `section: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

/** The shorter deadline ends upstream calls at the socket; the race ends waiting for anything else. */
async function within(limitMs: number, name: string, load: () => unknown): Promise<unknown> {
  const context = currentContext();
  const deadline = Deadline.after(Math.min(limitMs, context?.deadline.remainingMs() ?? Infinity));
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const onTime = (): void => reject(new UpstreamError(name, 'timeout', `not within ${limitMs} ms`));
  const timer = new PatientTimeout(onTime, limitMs);
  try {
    const loading = Promise.resolve(
      context === undefined ? load() : runInContext({ ...context, deadline }, load),
    );
    return await Promise.race([loading, tooLate]);
  } finally {
    timer.clear();
  }
}
