import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { getHeapStatistics } from 'node:v8';
import { createProblem } from '@bff/problem';
import { readRequestId } from '@bff/tracing';

export interface OverloadOptions {
  /**
   * For how long this process may run late before it refuses requests, those without credentials first. Late: turns of
   * the event loop take more than a tenth of this.
   */
  readonly lagMs: number;
  /** The part of the heap's limit above which nothing is taken any more; 0 to 1. */
  readonly heapShare: number;
  /** Requests being answered at one time. */
  readonly inFlight: number;
}

const sampleEveryMs = 20;
/** A late sample counts this much; the rest is what was before. */
const weight = 0.3;
/** Of the time that it may be late: what CoDel's target is of its interval (RFC 8289, section 4.3). */
const turnShare = 0.1;
/** What requests without credentials may take of a turn, so that the others find room in what is left. */
const anonymousShare = 0.25;
const retryAfterSeconds = 2;

/**
 * Refuses what this process cannot answer in time anyway, before it costs anything: an overloaded gateway that takes
 * everything answers nothing. Once turns of the event loop have been long for a while, requests are taken at the
 * start of each turn only, and the rest of what has arrived is refused at the price of its parsing. So the work in
 * hand is bounded without a delay: a rate that follows the measured lag swings, because the lag tells of the past.
 * Health checks have a port of their own.
 */
export class LoadShedder implements Disposable {
  private readonly timer: NodeJS.Timeout;
  /** For how long in a turn requests are taken. */
  private readonly turnMs: number;
  private turnStartMs: number | undefined;
  private expectedMs = performance.now() + sampleEveryMs;
  private lagMs = 0;
  private isLate = false;
  /** When the lag was last what `isLate` says. */
  private confirmedMs = performance.now();
  private isHeapFull = false;
  private running = 0;
  /** Requests refused since start. */
  refused = 0;

  constructor(private readonly options: OverloadOptions) {
    this.turnMs = options.lagMs * turnShare;
    this.timer = setInterval(() => this.sample(), sampleEveryMs).unref();
  }

  get lateMs(): number {
    return this.lagMs;
  }

  get inFlight(): number {
    return this.running;
  }

  /** False: the request was answered with 503. Else it counts as in flight until its response closes. */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.mustRefuse(request)) {
      this.refused += 1;
      refuse(request, response);
      return false;
    }
    this.running += 1;
    response.once('close', () => (this.running -= 1));
    return true;
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private mustRefuse(request: IncomingMessage): boolean {
    if (this.isHeapFull || this.running >= this.options.inFlight) return true;
    if (!this.isLate) return false;
    const spentMs = this.spentOfTurnMs();
    if (spentMs > this.turnMs) return true;
    return spentMs > this.turnMs * anonymousShare && !hasCredentials(request.headers);
  }

  /** Since the first request of this turn. */
  private spentOfTurnMs(): number {
    const nowMs = performance.now();
    if (this.turnStartMs === undefined) {
      this.turnStartMs = nowMs;
      setImmediate(() => (this.turnStartMs = undefined));
    }
    return nowMs - this.turnStartMs;
  }

  private sample(): void {
    const nowMs = performance.now();
    this.lagMs = this.lagMs * (1 - weight) + Math.max(0, nowMs - this.expectedMs) * weight;
    this.expectedMs = nowMs + sampleEveryMs;
    this.judge(nowMs);
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    this.isHeapFull = used_heap_size > heap_size_limit * this.options.heapShare;
  }

  /** Only what lasts counts: neither a collection of garbage is an overload, nor a pause in one its end. */
  private judge(nowMs: number): void {
    const isLong = this.lagMs > (this.isLate ? this.turnMs * anonymousShare : this.turnMs);
    if (isLong === this.isLate) this.confirmedMs = nowMs;
    else if (nowMs - this.confirmedMs > this.options.lagMs) this.isLate = isLong;
  }
}

function hasCredentials({ authorization, cookie }: IncomingHttpHeaders): boolean {
  return authorization !== undefined || cookie !== undefined;
}

/** As a problem, by the cheapest way there is: no pipeline has seen the request. */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  const requestId = readRequestId(request.headers['x-request-id']);
  const body = JSON.stringify(createProblem('overloaded', { requestId }));
  response.writeHead(503, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'Retry-After': retryAfterSeconds,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
