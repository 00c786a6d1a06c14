/** What a protocol speaks through to one address: a pool of sockets, a channel. */
export interface Connection {
  /** Lets what is in flight end, within reason, then closes. */
  close(): Promise<void>;
  /** Whether the service at this address is well; absent where nothing was configured to ask. */
  readonly check?: (() => Promise<boolean>) | undefined;
}

export interface TargetState {
  readonly address: string;
  readonly state: 'ok' | 'ejected' | 'unhealthy';
  readonly inFlight: number;
}

/** One address of an upstream, with what is known about it. */
export class Target<C extends Connection = Connection> {
  inFlight = 0;
  /** What its active health check last said; true where there is none. */
  healthy = true;
  private failuresInRow = 0;
  private ejections = 0;
  private ejectedUntilMs = 0;
  /** Back from an ejection and not proven yet: it gets one call at a time. */
  private isOnTrial = false;

  constructor(
    /** For people: host and port, never credentials. */
    readonly address: string,
    readonly connection: C,
  ) {}

  start(): void {
    this.inFlight += 1;
  }

  end(): void {
    this.inFlight -= 1;
  }

  isEjected(nowMs: number): boolean {
    return nowMs < this.ejectedUntilMs;
  }

  /** `idempotent`: only a call that can be repeated elsewhere is a trial for a target that is back. */
  isUsable(nowMs: number, idempotent: boolean): boolean {
    if (!this.healthy || this.isEjected(nowMs)) return false;
    return !this.isOnTrial || (idempotent && this.inFlight === 0);
  }

  succeed(): void {
    this.failuresInRow = 0;
    this.isOnTrial = false;
  }

  /** True: it has failed often enough in a row, or on trial. */
  fail(after: number): boolean {
    this.failuresInRow += 1;
    return this.isOnTrial || this.failuresInRow >= after;
  }

  /** For `forMs` times the number of ejections in a row, up to ten times; one long ago does not count. */
  eject(nowMs: number, forMs: number): void {
    const wasLongAgo = nowMs - this.ejectedUntilMs > forMs * this.ejections;
    this.ejections = wasLongAgo ? 1 : Math.min(this.ejections + 1, 10);
    this.ejectedUntilMs = nowMs + forMs * this.ejections;
    this.failuresInRow = 0;
    this.isOnTrial = true;
  }

  state(nowMs: number): TargetState {
    const state = this.healthy ? (this.isEjected(nowMs) ? 'ejected' : 'ok') : 'unhealthy';
    return { address: this.address, state, inFlight: this.inFlight };
  }
}
