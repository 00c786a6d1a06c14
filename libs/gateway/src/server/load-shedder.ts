import type { IncomingMessage, ServerResponse } from 'node:http';
import { getHeapStatistics } from 'node:v8';
import { createProblem } from '@bff/problem';
import { readRequestId } from '@bff/tracing';

export interface OverloadOptions {
  /** How late this process may run before it refuses requests; those of callers it does not know first. */
  readonly lagMs: number;
  /** The part of the heap's limit above which nothing is taken any more; 0 to 1. */
  readonly heapShare: number;
  /** Requests being answered at one time. */
  readonly inFlight: number;
}

const sampleEveryMs = 20;
/** A late sample counts this much; the rest is what was before. */
const weight = 0.3;
// Shares of the lag that is allowed: what a request waits in all is several turns of the event loop.
/** A turn that makes what waits for it later than this is long. */
const longShare = 0.04;
/** For so long turns have to be long, one after the other: a collection of garbage is no overload. */
const lastingShare = 0.4;
/**
 * So many requests are taken in a turn of an overload: enough for a turn to be worth its while, few enough that what
 * they need stays in the processor's caches, and that their calls do not come upon an upstream's bulkhead in one
 * piece. The next turn comes as soon as these are worked off.
 */
const takenPerTurn = 16;
/** After so many, where others are to make way, only callers that it knows. */
const unknownPerTurn = 4;
/** A turn may go on for long: so many are not kept waiting for its end. */
const refusedTogether = 64;
/** So long others make way after a known caller had to be refused, or somebody turned out to be nobody. */
const yieldMs = 1_000;
/** An overload is over when less than this part of the requests of a while was refused. */
const refusedShare = 0.05;
/** Requests in flight up to which nobody is refused who does not have to make way: so few make no process late. */
const neverTooMany = 64;
const retryAfterSeconds = 2;

/**
 * Refuses what this process cannot answer in time anyway, before it costs anything: an overloaded gateway that takes
 * everything answers nothing. Once turns of the event loop have been long for a while, a few requests are taken at the
 * start of each turn, and the rest of what has arrived is refused at the price of its parsing. So the work in
 * hand is bounded without a delay: a rate that follows the measured lag swings, because the lag tells of the past.
 * Health checks have a port of their own.
 */
export class LoadShedder implements Disposable {
  private readonly timer: NodeJS.Timeout;
  /** In this turn of the event loop; undefined: nothing was asked for yet. */
  private takenInTurn: number | undefined;
  private expectedMs: number;
  private lagMs = 0;
  private isLate = false;
  /** Since when every turn was long; undefined: the last one was not. */
  private longSinceMs: number | undefined;
  /** What the counts were when it was last asked whether the overload is over. */
  private asked = { atMs: 0, taken: 0, refused: 0 };
  private taken = 0;
  /** When a known caller was refused for the last time. */
  private refusedKnownAtMs = -Infinity;
  /** When a request was answered with 401 for the last time: a flood of forged tokens is one of these. */
  private unauthenticatedAtMs = -Infinity;
  private isHeapFull = false;
  private running = 0;
  /** In this turn. */
  private toRefuse: [IncomingMessage, ServerResponse][] = [];
  /** Requests refused since start. */
  refused = 0;
  /** Tells callers that were let in before from those who only say who they are; a token is cheap to forge. */
  isKnown: (request: IncomingMessage) => boolean = hasCredentials;

  constructor(
    private readonly options: OverloadOptions,
    private readonly now = () => performance.now(),
  ) {
    this.expectedMs = now() + sampleEveryMs;
    this.timer = setInterval(() => this.sample(), sampleEveryMs).unref();
  }

  get lateMs(): number {
    return this.lagMs;
  }

  get inFlight(): number {
    return this.running;
  }

  /** False: the request is answered with 503. Else it counts as in flight until its response closes. */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.mustRefuse(request)) {
      this.refused += 1;
      this.refuseSoon(request, response);
      return false;
    }
    this.taken += 1;
    if (this.takenInTurn !== undefined) this.takenInTurn += 1;
    this.running += 1;
    response.on('close', () => {
      this.running -= 1;
      if (response.statusCode === 401) this.unauthenticatedAtMs = this.now();
    });
    return true;
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  /**
   * All of a turn together, when it has been read: what is refused one by one between others is taken from memory each
   * time, and wakes whoever waits for it each time.
   */
  private refuseSoon(request: IncomingMessage, response: ServerResponse): void {
    if (this.toRefuse.length === 0) setImmediate(() => this.refuseAll());
    this.toRefuse.push([request, response]);
    if (this.toRefuse.length === refusedTogether) this.refuseAll();
  }

  private refuseAll(): void {
    const { toRefuse } = this;
    this.toRefuse = [];
    for (const [request, response] of toRefuse) refuse(request, response);
  }

  private mustRefuse(request: IncomingMessage): boolean {
    if (this.isHeapFull || this.running >= this.options.inFlight) return true;
    const nowMs = this.now();
    // With a thousand sockets to read from, libuv goes on reading, and for seconds no timer comes to notice anything.
    if (!this.isLate && nowMs - this.expectedMs > this.options.lagMs * lastingShare)
      this.startOverload(nowMs);
    if (!this.isLate) return false;
    const takenInTurn = this.countTurn();
    const areFew = this.running < neverTooMany;
    if (!areFew && takenInTurn >= takenPerTurn) return this.refuseAnybody(request, nowMs);
    const wasKnownRefused = nowMs - this.refusedKnownAtMs < yieldMs;
    if (wasKnownRefused && !hasCredentials(request)) return true;
    if (takenInTurn < unknownPerTurn) return false;
    const mustYield = wasKnownRefused || nowMs - this.unauthenticatedAtMs < yieldMs;
    if (areFew && !mustYield) return false;
    return !this.isKnown(request);
  }

  /** True. Who it is that is refused is not asked each time: a look-up among thousands is a tenth of its price. */
  private refuseAnybody(request: IncomingMessage, nowMs: number): true {
    if (nowMs - this.refusedKnownAtMs > yieldMs / 2 && this.isKnown(request)) this.refusedKnownAtMs = nowMs;
    return true;
  }

  /** How many were taken since the first request of this turn. */
  private countTurn(): number {
    if (this.takenInTurn === undefined) {
      this.takenInTurn = 0;
      setImmediate(() => (this.takenInTurn = undefined));
    }
    return this.takenInTurn;
  }

  private sample(): void {
    const nowMs = this.now();
    const lateMs = Math.max(0, nowMs - this.expectedMs);
    this.lagMs = this.lagMs * (1 - weight) + lateMs * weight;
    this.expectedMs = nowMs + sampleEveryMs;
    if (this.isLate) this.isLate = !this.isOver(nowMs);
    else if (this.isLateForLong(nowMs)) this.startOverload(nowMs);
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    this.isHeapFull = used_heap_size > heap_size_limit * this.options.heapShare;
  }

  private isLateForLong(nowMs: number): boolean {
    const { lagMs } = this.options;
    if (this.lagMs <= lagMs * longShare) this.longSinceMs = undefined;
    else this.longSinceMs ??= nowMs;
    return this.longSinceMs !== undefined && nowMs - this.longSinceMs > lagMs * lastingShare;
  }

  private startOverload(nowMs: number): void {
    this.isLate = true;
    this.asked = { atMs: nowMs, taken: this.taken, refused: this.refused };
  }

  /** The lag alone does not tell: while enough is refused, it is small. */
  private isOver(nowMs: number): boolean {
    const { lagMs } = this.options;
    if (nowMs - this.asked.atMs < lagMs) return false;
    const refused = this.refused - this.asked.refused;
    const taken = this.taken - this.asked.taken;
    this.asked = { atMs: nowMs, taken: this.taken, refused: this.refused };
    this.longSinceMs = undefined;
    return this.lagMs < lagMs * longShare && refused <= (refused + taken) * refusedShare;
  }
}

function hasCredentials({ headers: { authorization, cookie } }: IncomingMessage): boolean {
  return authorization !== undefined || cookie !== undefined;
}

/** What is in a request id needs no escapes in JSON. */
const marker = 'REQUEST-ID';
const [beforeId = '', afterId = ''] = JSON.stringify(
  createProblem('overloaded', { requestId: marker }),
).split(marker);
// prettier-ignore
const refusalHeaders = [
  'Content-Type', 'application/problem+json',
  'Retry-After', String(retryAfterSeconds),
  'Cache-Control', 'no-store',
  'X-Content-Type-Options', 'nosniff',
];

/** As a problem, by the cheapest way there is: no pipeline has seen the request. */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  const requestId = readRequestId(request.headers['x-request-id']);
  const body = beforeId + requestId + afterId;
  const headers = [...refusalHeaders, 'Content-Length', String(body.length), 'X-Request-Id', requestId];
  response.writeHead(503, headers);
  response.end(request.method === 'HEAD' ? undefined : body, 'latin1');
}
