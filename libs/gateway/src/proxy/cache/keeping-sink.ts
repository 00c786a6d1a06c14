import { UpstreamError } from '@bff/problem';
import type { HttpAnswer, RelaySink } from '@bff/upstream';
import type { CallerSink } from './caller-sink.js';
import { toHead } from './to-head.js';
import type { AnswerHead } from './to-keeping.js';

interface KeepingOptions {
  /** Who gets the answer as it comes; undefined: nobody waits for it. */
  readonly caller: CallerSink | undefined;
  readonly upstream: string;
  /** There is an answer already that this one may confirm, or that stands in for it. */
  readonly isRevalidation: boolean;
  readonly maxBytes: number;
  /** The answer as it is kept, still without its body; undefined: it is not. */
  readonly keep: (head: AnswerHead) => Omit<HttpAnswer, 'body'> | undefined;
  /** Nobody else can have this answer. */
  readonly onAlone: () => void;
}

/** The service failed, and said this: for the caller, unless something that is kept stands in for it. */
export class HeldAnswerError extends UpstreamError {
  constructor(
    upstream: string,
    readonly answer: HttpAnswer,
  ) {
    super(upstream, 'bad_response', `answered ${answer.status}`);
  }
}

const nothing = Buffer.alloc(0);

/**
 * Hands an answer on as it comes and collects it meanwhile, for the cache and for others who ask the same. A caller who
 * reads slowly slows the service down only once it is known that nothing is kept. A 304 is held back, and so is a
 * failure that something else may stand in for.
 */
export class KeepingSink implements RelaySink {
  /** The caller has a part of it. */
  hasBegun = false;
  isWhole = false;
  private caller: CallerSink | undefined;
  private collects = false;
  private isHeld = false;
  private head: AnswerHead = { status: 0, headers: {} };
  private raw: readonly string[] = [];
  private kept: Omit<HttpAnswer, 'body'> | undefined;
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  constructor(private readonly options: KeepingOptions) {
    this.caller = options.caller;
  }

  onHead(status: number, raw: readonly string[]): void {
    const { isRevalidation, keep, maxBytes, onAlone } = this.options;
    this.head = toHead(status, raw);
    this.raw = raw;
    const length = Number(this.head.headers['content-length'] ?? 0);
    this.kept = length > maxBytes ? undefined : keep(this.head);
    this.isHeld = status === 304 || (isRevalidation && status >= 500);
    this.collects = this.isHeld || this.kept !== undefined || (status >= 500 && length <= maxBytes);
    if (!this.collects) onAlone();
    if (!this.isHeld) this.begin();
  }

  write(chunk: Buffer): boolean {
    if (this.collects) this.collect(chunk);
    const flows = this.isHeld || (this.caller?.write(chunk) ?? true);
    return this.collects || flows;
  }

  onDrain(resume: () => void): void {
    if (this.caller === undefined) resume();
    else this.caller.onDrain(resume);
  }

  end(trailers: readonly string[]): void {
    if (trailers.length > 0) this.kept = undefined;
    this.isWhole = true;
    if (!this.isHeld) this.caller?.end(trailers);
  }

  /** The caller has left; others may still want the answer. */
  detach(): void {
    this.caller = undefined;
  }

  /** For the cache; throws HeldAnswerError. */
  answer(): HttpAnswer {
    const { status, headers } = this.head;
    const body = Buffer.concat(this.chunks, this.bytes);
    if (status === 304) return { status, body: nothing, ...(this.kept ?? { headers }) };
    if (this.isHeld) throw new HeldAnswerError(this.options.upstream, { status, headers, body });
    return this.kept !== undefined && this.collects
      ? { ...this.kept, body }
      : { status, headers: {}, body: nothing };
  }

  /** For others who asked the same at the same time. */
  whole(): HttpAnswer | undefined {
    if (!this.isWhole || !this.collects) return undefined;
    const { status, headers } = this.head;
    return { status, headers, body: Buffer.concat(this.chunks, this.bytes) };
  }

  private begin(): void {
    this.hasBegun = this.caller !== undefined;
    if (this.caller !== undefined && this.kept !== undefined) this.caller.how += '; stored';
    this.caller?.onHead(this.head.status, this.raw);
  }

  private collect(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes <= this.options.maxBytes) return void this.chunks.push(chunk);
    const before = this.chunks.splice(0);
    this.collects = false;
    this.options.onAlone();
    if (!this.isHeld) return;
    this.isHeld = false;
    this.begin();
    for (const one of before) this.caller?.write(one);
  }
}
