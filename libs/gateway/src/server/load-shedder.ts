import type { IncomingMessage, ServerResponse } from 'node:http';
import { getHeapStatistics } from 'node:v8';
import { AdmissionQueue } from './admission-queue.js';
import { refuse } from './refusal.js';

export interface OverloadOptions {
  /** How late this process may begin requests before it refuses some; those of callers it does not know first. */
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
// Shares of the lag that is allowed: a request that has been begun waits as well, for its services and for others.
/** Who waits longer than this to be begun waits long. */
const longShare = 0.04;
/** For so long they have to, one after the other: a collection of garbage is no overload. */
const lastingShare = 0.4;
/** As many may wait in an overload: what arrives while a turn is worked off, so that the next one has enough to do. */
const mostWaiting = 32;
/** Beyond so many, where others are to make way, only callers that it knows. */
const mostUnknownWaiting = 4;
/** A turn may go on for long: so many are not kept waiting for its end. */
const refusedTogether = 64;
/** So long others make way after a known caller had to be refused, or somebody turned out to be nobody. */
const yieldMs = 1_000;
/** An overload is over when less than this part of the requests of a while was refused. */
const refusedShare = 0.05;
/**
 * Refuses what this process cannot answer in time anyway, before it costs anything: an overloaded gateway that takes
 * everything answers nothing. Requests are begun a few in a turn of the event loop, and the others wait in a queue. Once
 * that has not been empty for a while there is too much: it then holds what the next turns need, and the rest of what
 * arrives is refused at the price of its parsing. So the work in hand is bounded without a delay: a rate that follows
 * a measured lag swings, because the lag tells of the past. Health checks have a port of their own.
 */
export class LoadShedder implements Disposable {
  private readonly timer: NodeJS.Timeout;
  private readonly queue: AdmissionQueue;
  private expectedMs: number;
  private lagMs = 0;
  private isLate = false;
  /** Since when all have waited long; undefined: the last one had not. */
  private longSinceMs: number | undefined;
  /** In an overload: whether more may wait, as long as nobody has to wait long. */
  private isTrying = false;
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
  /** Told of each caller who left before his request was begun. */
  onLeft: () => void = () => undefined;

  constructor(
    private readonly options: OverloadOptions,
    private readonly now = () => performance.now(),
  ) {
    this.queue = new AdmissionQueue(now, () => this.onLeft());
    this.expectedMs = now() + sampleEveryMs;
    this.timer = setInterval(() => this.sample(), sampleEveryMs).unref();
  }

  get lateMs(): number {
    return this.lagMs;
  }

  get inFlight(): number {
    return this.running;
  }

  /** Of those in flight, the ones that are not begun yet. */
  get waiting(): number {
    return this.queue.length;
  }

  /** False: nobody is refused at the moment. */
  get isRefusing(): boolean {
    return this.isLate || this.isFull;
  }

  /**
   * False: the request is answered with 503. Else it counts as in flight until its response closes, and `begin` is
   * called at once or in a later turn; never, when the caller has left by then.
   */
  admit(request: IncomingMessage, response: ServerResponse, begin: () => void): boolean {
    if (this.refuses(request, () => refuse(request, response))) return false;
    this.take(request, response, begin);
    return true;
  }

  /** Without asking whether it must be refused, as `refuses` has just said that it must not be. */
  take(request: IncomingMessage, response: ServerResponse, begin: () => void): void {
    this.taken += 1;
    this.running += 1;
    response.on('close', () => {
      this.running -= 1;
      if (response.statusCode === 401) this.unauthenticatedAtMs = this.now();
    });
    this.queue.enter(request, begin);
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
    const waitedMs = this.queue.waitedMs(nowMs);
    if (!this.isLate && this.isTooLate(waitedMs, nowMs)) this.startOverload(nowMs);
    if (!this.isLate) return false;
    const { length } = this.queue;
    if (length >= mostWaiting && !this.triesWith(waitedMs)) return this.refuseAnybody(asking, nowMs);
    const wasKnownRefused = nowMs - this.refusedKnownAtMs < yieldMs;
    if (wasKnownRefused && !hasCredentials(asking)) return true;
    if (length < mostUnknownWaiting) return false;
    const mustYield = wasKnownRefused || nowMs - this.unauthenticatedAtMs < yieldMs;
    return mustYield && !this.isKnown(asking);
  }

  /** True. Who it is that is refused is not asked each time: a look-up among thousands is a tenth of its price. */
  private refuseAnybody(asking: Asking, nowMs: number): true {
    if (nowMs - this.refusedKnownAtMs > yieldMs / 2 && this.isKnown(asking)) this.refusedKnownAtMs = nowMs;
    return true;
  }

  private isTooLate(waitedMs: number, nowMs: number): boolean {
    const { lagMs } = this.options;
    if (waitedMs <= lagMs * longShare) this.longSinceMs = undefined;
    else this.longSinceMs ??= nowMs;
    // With a thousand sockets to read from, libuv goes on reading, and nobody's turn comes for long.
    const longMs = Math.max(waitedMs, nowMs - (this.longSinceMs ?? nowMs));
    return longMs > lagMs * lastingShare;
  }

  private triesWith(waitedMs: number): boolean {
    if (waitedMs > this.options.lagMs * longShare) this.isTrying = false;
    return this.isTrying;
  }

  private sample(): void {
    const nowMs = this.now();
    const lateMs = Math.max(0, nowMs - this.expectedMs);
    this.lagMs = this.lagMs * (1 - weight) + lateMs * weight;
    this.expectedMs = nowMs + sampleEveryMs;
    if (this.isLate) this.isLate = !this.isOver(nowMs);
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    this.isHeapFull = used_heap_size > heap_size_limit * this.options.heapShare;
  }

  private startOverload(nowMs: number): void {
    this.isLate = true;
    this.isTrying = false;
    this.longSinceMs = undefined;
    this.asked = { atMs: nowMs, taken: this.taken, refused: this.refused };
  }

  /**
   * When next to nobody was refused for a while. Else more may wait from now on, until one waits long: clients that come
   * again at once would be refused for ever, though all of them could be answered in time.
   */
  private isOver(nowMs: number): boolean {
    if (nowMs - this.asked.atMs < this.options.lagMs) return false;
    const refused = this.refused - this.asked.refused;
    const taken = this.taken - this.asked.taken;
    this.asked = { atMs: nowMs, taken: this.taken, refused: this.refused };
    this.isTrying = true;
    return refused <= (refused + taken) * refusedShare;
  }
}

function hasCredentials({ headers }: Asking): boolean {
  return (
    headers.authorization !== undefined || headers.cookie !== undefined || headers['x-api-key'] !== undefined
  );
}
