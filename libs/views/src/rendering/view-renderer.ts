import { Logger } from '@nestjs/common';
import type { Request, Response } from 'express';
import { currentContext } from '@bff/context';
import { CallerGoneError, describeProblem, logFault, toProblemError } from '@bff/problem';
import type { Store } from '@bff/store';
import { lastGoodIn } from '../last-good.js';
import { type LoadedView, type LoadOptions, loadView } from '../load-view.js';
import type { Meta, SectionReport } from '../section-report.js';
import type { SectionResult } from '../section-run.js';
import { renderedSections, type ViewLoad } from '../view.js';
import { createTagOf, hasAlready, type TagOf } from './entity-tag.js';
import { readSelection, select, type Selection } from './field-selection.js';
import { KnownTags, type TagPlace } from './known-tags.js';
import { formFor, mediaTypes } from './media-types.js';
import { sendNotModified } from './not-modified.js';
import { Progress } from './progressive.js';
import { schemaNodeOf } from './schema-node.js';
import { toServerTiming } from './server-timing.js';
import { toJsonObject } from './to-json.js';
import { toXml } from './xml-form.js';
import { ViewStats } from './view-stats.js';

export interface RenderOptions {
  /** When an answer carries `_meta`; one that is not complete always does. */
  readonly meta: 'always' | 'when-incomplete';
  /** Where the last good values of sections with `staleFor` are kept. */
  readonly store: Pick<Store, 'get' | 'set'>;
  /** How often a progressive answer shows that it is alive while nothing happens. */
  readonly heartbeatMs?: number;
  /** Told of every section, the moment it is ready, in the context of its request. */
  readonly onSection?: (view: string, result: SectionResult) => void;
}

/** Below what closes silent connections: our own server after 15 s, most balancers after 60. */
const defaultHeartbeatMs = 10_000;
const logger = new Logger('Views');

/**
 * Loads a view and turns it into the answer that its frontend gets, in the form that it asked for: JSON or XML in one
 * piece, complete or honest about what is missing, or section by section as NDJSON or server-sent events.
 */
export class ViewRenderer {
  readonly stats = new ViewStats();
  readonly knownTags: KnownTags;

  private constructor(
    private readonly options: RenderOptions,
    private readonly tagOf: TagOf,
  ) {
    this.knownTags = new KnownTags(options.store);
  }

  static async create(options: RenderOptions): Promise<ViewRenderer> {
    return new ViewRenderer(options, await createTagOf());
  }

  /**
   * Ends the response: with the view, or with 304 when the caller has it already. Rejects, as long as nothing was
   * sent, with what the answer fails with.
   */
  async render(load: ViewLoad, request: Request, response: Response): Promise<void> {
    const selection = readSelection(load.view, request);
    const form = formFor(request) ?? 'json';
    const options = this.loadOptions(load, request, selection);
    if (form === 'ndjson' || form === 'sse') {
      response.setHeader('Vary', withAccept(response.getHeader('Vary')));
      return this.renderProgress(new Progress(response, form, this.heartbeatMs), load, options, selection);
    }
    const place = await this.placeOf(load, form, request);
    if (place?.known !== undefined) {
      this.stats.countUnchanged(load.view.name);
      response.setHeader('Age', Math.floor((Date.now() - place.known.atMs) / 1_000));
      return sendTag(place.known.tag, response);
    }
    const loadedAtMs = Date.now();
    const loaded = await loadView(load, options);
    const values = select(loaded.values, selection) as typeof loaded.values;
    const meta = toMeta(loaded.reports);
    const answer = this.options.meta === 'always' || !meta.complete ? { ...values, _meta: meta } : values;
    const texts = selection === undefined ? textsOf(loaded) : new Map<string, string>();
    const body =
      form === 'json' ? toJsonObject(answer, texts) : toXml(load.view.name, answer, schemaNodeOf(load.view));
    this.stats.checkCalls(load.view, loaded);
    if (form === 'json') this.stats.checkBytes(load.view, body, values);
    response.setHeader('Server-Timing', toServerTiming(loaded.results));
    const tag = meta.complete ? this.tagOf(body) : undefined;
    send({ body, type: mediaTypes[form], meta, tag }, request, response);
    if (tag !== undefined && place !== undefined) this.knownTags.keep(place, tag, loadedAtMs, response);
  }

  private async placeOf({ view }: ViewLoad, form: string, request: Request): Promise<TagPlace | undefined> {
    const { freshForMs } = view.options;
    if (freshForMs === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return undefined;
    return await this.knownTags.find(view.name, `${form} ${request.originalUrl}`, freshForMs, request);
  }

  private get heartbeatMs(): number {
    return this.options.heartbeatMs ?? defaultHeartbeatMs;
  }

  private loadOptions(
    { view }: ViewLoad,
    request: Request,
    selection: Selection | undefined,
  ): LoadOptions & { onSection: (result: SectionResult) => void } {
    return {
      wanted: selection && new Set(selection.keys()),
      lastGood: view.keepsLastGood
        ? lastGoodIn(this.options.store, view.name, questionOf(request))
        : undefined,
      onSection: (result) => {
        this.stats.countSection(view.name, result);
        this.options.onSection?.(view.name, result);
      },
    };
  }

  /** What fails after the start can only be told in the answer itself. */
  private async renderProgress(
    progress: Progress,
    load: ViewLoad,
    options: LoadOptions & { onSection: (result: SectionResult) => void },
    selection: Selection | undefined,
  ): Promise<void> {
    const { view } = load;
    const isWanted = (name: string): boolean => selection === undefined || selection.has(name);
    progress.send({ event: 'start', view: view.name, sections: renderedSections(view).filter(isWanted) });
    const onSection = (result: SectionResult): void => {
      options.onSection(result);
      const { section, report, value } = result;
      if (!view.sections[section]?.rendered || !isWanted(section)) return;
      const data = value === undefined ? {} : { data: select(value, selection?.get(section)) };
      progress.send({ event: 'section', section, ...report, ...data });
    };
    using _ = progress;
    try {
      const loaded = await loadView(load, { ...options, onSection });
      this.stats.checkCalls(view, loaded);
      progress.send({ event: 'complete', _meta: toMeta(loaded.reports) });
    } catch (thrown) {
      if (thrown instanceof CallerGoneError) throw thrown;
      const error = toProblemError(thrown);
      logFault(logger, thrown, error);
      const problem = describeProblem(error, currentContext()?.requestId);
      progress.send({ event: 'problem', problem });
    }
    progress.end();
  }
}

interface Answer {
  readonly body: string;
  readonly type: string;
  readonly meta: Meta;
  /** Of an answer that is complete. */
  readonly tag: string | undefined;
}

function send({ body, type, meta, tag }: Answer, request: Request, response: Response): void {
  if (tag !== undefined && hasAlready(request, tag)) return sendTag(tag, response);
  setValidators(response, tag);
  if (tag === undefined) response.setHeader('X-Incomplete', incompleteIn(meta.sections).join(', '));
  const bytes = Buffer.byteLength(body);
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Length', bytes);
  // Plain ASCII, which most answers are, is the same in both, and twice as fast to write without being encoded.
  response.end(body, bytes === body.length ? 'latin1' : 'utf8');
}

function sendTag(tag: string, response: Response): void {
  setValidators(response, tag);
  sendNotModified(response);
}

function setValidators(response: Response, tag: string | undefined): void {
  response.setHeader('Vary', withAccept(response.getHeader('Vary')));
  response.setHeader('Cache-Control', tag === undefined ? 'no-store' : 'private, no-cache');
  if (tag !== undefined) response.setHeader('ETag', tag);
}

/** What is JSON already, because it was kept. */
function textsOf({ results }: LoadedView): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { section, json } of results) if (json !== undefined) texts.set(section, json);
  return texts;
}

function toMeta(sections: Readonly<Record<string, SectionReport>>): Meta {
  return { complete: incompleteIn(sections).length === 0, sections };
}

/** A section that nobody wanted is not missing. */
function incompleteIn(reports: Readonly<Record<string, SectionReport>>): string[] {
  return Object.keys(reports).filter((name) => {
    const status = reports[name]?.status;
    return status !== 'ok' && status !== 'skipped';
  });
}

/** What makes an answer another one; which fields of it are wanted does not. */
function questionOf({ method, originalUrl }: Request): string {
  if (!originalUrl.includes('?')) return `${method} ${originalUrl}?`;
  const [path = '', query = ''] = originalUrl.split('?');
  const parameters = new URLSearchParams(query);
  parameters.delete('fields');
  parameters.sort();
  return `${method} ${path}?${parameters.toString()}`;
}

function withAccept(vary: number | string | string[] | undefined): string {
  return vary === undefined ? 'Accept' : `${String(vary)}, Accept`;
}
