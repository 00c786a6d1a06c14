import type { IncomingMessage, ServerResponse } from 'node:http';
import { getHeapStatistics } from 'node:v8';
import { refuse } from './refusal.js';

export interface OverloadOptions {
  /** How late this process may run before it refuses requests; those of callers it does not know first. */
  readonly lagMs: number;
  /** The part of the heap's limit above which nothing is taken any more; 0 to 1. */
  readonly heapShare: number;
  /** Requests being answered at one time. */
  readonly inFlight: number;
}

/** What tells who asks: of a request that Node has read, or of one that it need not read. */
export interface Asking {
  readonly headers: {
    readonly authorization?: string;
    readonly cookie?: string;
    readonly 'x-api-key'?: string | string[];
  };
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
  private refusals: (() => void)[] = [];
  /** Requests refused since start. */
  refused = 0;
  /** Tells callers that were let in before from those who only say who they are; a token is cheap to forge. */
  isKnown: (asking: Asking) => boolean = hasCredentials;

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

  /** False: nobody is refused at the moment. */
  get isRefusing(): boolean {
    return this.isLate || this.isFull;
  }

  /** False: the request is answered with 503. Else it counts as in flight until its response closes. */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.refuses(request, () => refuse(request, response))) return false;
    this.taken += 1;
    if (this.takenInTurn !== undefined) this.takenInTurn += 1;
    this.running += 1;
    response.on('close', () => {
      this.running -= 1;
      if (response.statusCode === 401) this.unauthenticatedAtMs = this.now();
    });
    return true;
  }

  /**
   * True: `answer` is called when the turn has been read. All of a turn together: what is refused one by one between
   * others is taken from memory each time, and wakes whoever waits for it each time.
   */
  refuses(asking: Asking, answer: () => void): boolean {
    if (!this.mustRefuse(asking)) return false;
    this.refused += 1;
    if (this.refusals.length === 0) setImmediate(() => this.answerRefused());
    this.refusals.push(answer);
    if (this.refusals.length === refusedTogether) this.answerRefused();
    return true;
  }

  /** Without waiting for the end of the turn. */
  answerRefused(): void {
    const { refusals } = this;
    this.refusals = [];
    for (const answer of refusals) answer();
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private get isFull(): boolean {
    return this.isHeapFull || this.running >= this.options.inFlight;
  }

  private mustRefuse(asking: Asking): boolean {
    if (this.isFull) return true;
    const nowMs = this.now();
    // With a thousand sockets to read from, libuv goes on reading, and for seconds no timer comes to notice anything.
    if (!this.isLate && nowMs - this.expectedMs > this.options.lagMs * lastingShare)
      this.startOverload(nowMs);
    if (!this.isLate) return false;
    const takenInTurn = this.countTurn();
    const areFew = this.running < neverTooMany;
    if (!areFew && takenInTurn >= takenPerTurn) return this.refuseAnybody(asking, nowMs);
    const wasKnownRefused = nowMs - this.refusedKnownAtMs < yieldMs;
    if (wasKnownRefused && !hasCredentials(asking)) return true;
    if (takenInTurn < unknownPerTurn) return false;
    const mustYield = wasKnownRefused || nowMs - this.unauthenticatedAtMs < yieldMs;
    if (areFew && !mustYield) return false;
    return !this.isKnown(asking);
  }

  /** True. Who it is that is refused is not asked each time: a look-up among thousands is a tenth of its price. */
  private refuseAnybody(asking: Asking, nowMs: number): true {
    if (nowMs - this.refusedKnownAtMs > yieldMs / 2 && this.isKnown(asking)) this.refusedKnownAtMs = nowMs;
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

function hasCredentials({ headers }: Asking): boolean {
  const { authorization, cookie, 'x-api-key': apiKey } = headers;
  return authorization !== undefined || cookie !== undefined || apiKey !== undefined;
}
