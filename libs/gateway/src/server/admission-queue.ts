import { AsyncResource } from 'node:async_hooks';
import type { IncomingMessage } from 'node:http';

/**
 * So many requests are begun in a turn of the event loop. What has been begun is finished sooner that way, holds less
 * memory when garbage is collected, and finds more in the processor's caches: a hundred begun together cost a third
 * more each than eight. What waits for a service does not count, so that slow services do not make a queue.
 */
const begunPerTurn = 4;
/** After so many have been begun of a queue that is never empty, it is written anew. */
const spentPlaces = 64;

interface Waiting {
  readonly request: IncomingMessage;
  readonly arrivedMs: number;
  readonly begin: () => void;
}

const arrivals = new WeakMap<IncomingMessage, number>();

/** When a request came, by `performance.now()`; now, if it had to wait for nothing. */
export function arrivedMs(request: IncomingMessage): number {
  return arrivals.get(request) ?? performance.now();
}

/** Requests that have arrived and are not begun yet, the oldest first. */
export class AdmissionQueue {
  private waiting: Waiting[] = [];
  private next = 0;
  private begunInTurn = 0;
  private isTurnPlanned = false;
  /** A turn belongs to no request, not to the one that came first in it either. */
  private readonly turn = AsyncResource.bind(() => this.beginSome());

  /** `onLeft` is told of each caller who left before his request was begun. */
  constructor(
    private readonly now: () => number,
    private readonly onLeft: () => void,
  ) {}

  get length(): number {
    return this.waiting.length - this.next;
  }

  /** How long the one has waited who is begun next; 0 when nobody waits. */
  waitedMs(nowMs: number): number {
    return this.length === 0 ? 0 : nowMs - (this.waiting[this.next] as Waiting).arrivedMs;
  }

  /** Calls `begin` at once or in a later turn; never, when the caller has left by then. */
  enter(request: IncomingMessage, begin: () => void): void {
    if (!this.isTurnPlanned) this.planTurn();
    if (this.length === 0 && this.begunInTurn < begunPerTurn) {
      this.begunInTurn += 1;
      begin();
      return;
    }
    this.waiting.push({ request, arrivedMs: this.now(), begin });
  }

  private planTurn(): void {
    this.isTurnPlanned = true;
    this.begunInTurn = 0;
    setImmediate(this.turn);
  }

  private beginSome(): void {
    this.isTurnPlanned = false;
    for (let begun = 0; begun < begunPerTurn && this.length > 0;) if (this.beginNext()) begun += 1;
    if (this.length === 0 || this.next >= spentPlaces) {
      this.waiting = this.waiting.slice(this.next);
      this.next = 0;
    }
    if (this.length > 0) this.planTurn();
  }

  /** False: its caller has left. */
  private beginNext(): boolean {
    const { request, arrivedMs, begin } = this.waiting[this.next] as Waiting;
    this.next += 1;
    if (request.socket.destroyed) {
      this.onLeft();
      return false;
    }
    arrivals.set(request, arrivedMs);
    begin();
    return true;
  }
}
