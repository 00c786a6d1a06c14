const firstMs = 50;
const longestMs = 800;
/** So that gateways that lost a broker together do not come back together. */
const jitter = 0.2;

/**
 * How long to leave an address alone: not at all after a connection that worked, else 50 ms that double with each
 * failure in a row up to 0.8 s, and up to a fifth more at random. Below a second, so that whoever comes back is used.
 */
export class ReconnectDelay {
  private failures = 0;
  private untilMs = 0;

  isOver(nowMs: number): boolean {
    return nowMs >= this.untilMs;
  }

  /** A connection was lost, or did not come about. */
  lost(nowMs: number, hadWorked: boolean): void {
    this.failures = hadWorked ? 0 : this.failures + 1;
    const waitMs = Math.min(longestMs, firstMs * 2 ** (this.failures - 1)) * (1 + Math.random() * jitter);
    this.untilMs = hadWorked ? nowMs : nowMs + waitMs;
  }
}
