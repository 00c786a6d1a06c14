import type CachePolicy from 'http-cache-semantics';
import type { HttpAnswer, Keeping } from '../http/http-answer.js';
import type { AnswerRecord } from './answer-record.js';
import type { CacheControl } from './cache-control.js';
import { mergeHeaders } from './storable-headers.js';
import type { Vary } from './vary.js';

/** Whose answers are kept together: an identity's, or those for everybody, which no identity can be mistaken for. */
export type Owner = string | typeof everybody;
export const everybody = Symbol('everybody');

interface StoredAnswerParts {
  readonly path: string;
  readonly owner: Owner;
  readonly vary: Vary;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly keep: Keeping | undefined;
  readonly control: CacheControl;
  readonly policy: CachePolicy;
}

/** About what an entry was seen to take of the heap, beside its text and body, and what its body may waste. */
const bytesPerEntry = 1_536;
/** How long an answer that may be confirmed is worth keeping for that alone. */
const validatableMs = 10 * 60_000;
/** How much larger than the body the buffer that it is a part of may be. */
const maxSlackBytes = 512;

/** One answer in the cache, and until when it may serve. */
export class StoredAnswer {
  readonly path: string;
  readonly owner: Owner;
  readonly vary: Vary;
  /** Body, headers and key. */
  readonly bytes: number;
  /** What asks the service whether this is still its answer; empty when it gave nothing to ask by. */
  readonly conditions: Readonly<Record<string, string>>;
  isRefreshing = false;
  private readonly status: number;
  /** As they came; see `headers`. */
  private readonly received: Readonly<Record<string, string>>;
  private endToEnd: Readonly<Record<string, string>> | undefined;
  private readonly body: Buffer;
  private readonly keep: Keeping | undefined;
  private readonly policy: CachePolicy;
  private readonly freshSeconds: number;
  private readonly whileRevalidatingSeconds: number;
  private readonly ifErrorSeconds: number;

  constructor({ path, owner, vary, status, headers, body, keep, control, policy }: StoredAnswerParts) {
    this.path = path;
    this.owner = owner;
    this.vary = vary;
    this.status = status;
    this.received = headers;
    this.body = detach(body);
    this.keep = keep;
    this.policy = policy;
    this.conditions = conditionsOf(headers);
    this.bytes = bytesPerEntry + body.length + sizeOf(path, owner, vary, headers) + labelBytes(keep);
    this.freshSeconds = policy.maxAge();
    const mayBeStale = !forbidsStale(control, owner);
    this.whileRevalidatingSeconds = mayBeStale ? control.seconds('stale-while-revalidate') : 0;
    this.ifErrorSeconds = mayBeStale ? control.seconds('stale-if-error') : 0;
  }

  /** RFC 9111, section 4.2. */
  get isFresh(): boolean {
    return this.policy.age() < this.freshSeconds;
  }

  /** RFC 5861, section 3. */
  get mayServeWhileRevalidating(): boolean {
    return this.policy.age() < this.freshSeconds + this.whileRevalidatingSeconds;
  }

  /** RFC 5861, section 4. */
  get mayServeOnError(): boolean {
    return this.policy.age() < this.freshSeconds + this.ifErrorSeconds;
  }

  get canBeValidated(): boolean {
    return 'if-none-match' in this.conditions || 'if-modified-since' in this.conditions;
  }

  get canServe(): boolean {
    return this.canBeValidated || this.mayServeWhileRevalidating || this.mayServeOnError;
  }

  /** For how long it can be of use to somebody; 0 for never again. */
  get usefulMs(): number {
    const staleSeconds = Math.max(this.whileRevalidatingSeconds, this.ifErrorSeconds);
    const leftMs = (this.freshSeconds + staleSeconds - this.policy.age()) * 1_000;
    return Math.max(0, leftMs) + (this.canBeValidated ? validatableMs : 0);
  }

  /** What another replica makes the same of. */
  get record(): AnswerRecord {
    const { status, received: headers, body, keep } = this;
    return { status, headers, body, keep, receivedAtMs: this.policy.toObject().t };
  }

  /** The body is the stored one, the same for everybody: to be read, not to be written to. */
  answer(): HttpAnswer {
    const age = String(Math.round(this.policy.age()));
    return { status: this.status, headers: { ...this.headers, age }, body: this.body, keep: this.keep };
  }

  /**
   * Whether a 304 is about this answer (RFC 9111, section 4.3.4). One that names no validator is: only this answer
   * was asked about, and services may leave out Last-Modified.
   */
  isConfirmedBy({ headers }: HttpAnswer): boolean {
    const { etag, 'last-modified': modified } = this.received;
    if (typeof headers['etag'] === 'string')
      return etag !== undefined && opaque(headers['etag']) === opaque(etag);
    return (
      headers['last-modified'] === undefined ||
      modified === undefined ||
      headers['last-modified'] === modified
    );
  }

  /** The answer that a 304 confirmed, with what that changed. */
  confirmed({ headers, keep = this.keep }: HttpAnswer): HttpAnswer {
    return { status: this.status, headers: mergeHeaders(this.headers, headers), body: this.body, keep };
  }

  hasLabel(labels: ReadonlySet<string>): boolean {
    return this.keep?.labels.some((label) => labels.has(label)) ?? false;
  }

  /** Made when they are first needed: many an answer is replaced before. */
  private get headers(): Readonly<Record<string, string>> {
    return (this.endToEnd ??= endToEnd(this.policy, this.received));
  }
}

/** A body that is a small part of a large buffer would hold all of that in memory. */
function detach(body: Buffer): Buffer {
  if (body.buffer.byteLength <= body.length + maxSlackBytes) return body;
  const copy = Buffer.allocUnsafeSlow(body.length);
  body.copy(copy);
  return copy;
}

/** RFC 9111, section 4.2.4; `s-maxage` forbids it to what is shared (section 5.2.2.10). */
function forbidsStale(control: CacheControl, owner: Owner): boolean {
  return (
    control.has('must-revalidate') ||
    control.has('proxy-revalidate') ||
    control.has('no-cache') ||
    (owner === everybody && control.has('s-maxage'))
  );
}

/** Without what concerns one connection only (RFC 9111, section 3.1), and with what the policy makes different. */
function endToEnd(policy: CachePolicy, headers: Readonly<Record<string, string>>): Record<string, string> {
  const { age: _age, date: _date, ...kept } = policy.responseHeaders() as Record<string, string>;
  for (const name of ['date', 'cache-control']) {
    const value = headers[name];
    if (value === undefined) delete kept[name];
    else kept[name] = value;
  }
  return kept;
}

function conditionsOf({ etag, 'last-modified': modified }: Readonly<Record<string, string>>) {
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(modified === undefined ? {} : { 'if-modified-since': modified }),
  };
}

/** Weak comparison: a 304 does not care for the kind of tag (RFC 9110, section 13.1.2). */
function opaque(etag: string): string {
  return etag.trim().replace(/^W\//, '');
}

function labelBytes(keep: Keeping | undefined): number {
  return keep?.labels.reduce((bytes, label) => bytes + label.length, keep.control.length) ?? 0;
}

function sizeOf(path: string, owner: Owner, vary: Vary, headers: Readonly<Record<string, string>>): number {
  let size = path.length + (typeof owner === 'string' ? owner.length : 0);
  for (const [name, value] of vary) size += name.length + (value?.length ?? 0);
  for (const name in headers) size += name.length + (headers[name]?.length ?? 0);
  return size;
}
