/** The moment by which an answer must be on its way; monotonic, so a clock that is set does not move it. */
export class Deadline {
  private constructor(private readonly atMs: number) {}

  /** `fromMs` is on the clock of `performance.now()`. */
  static after(ms: number, fromMs = performance.now()): Deadline {
    return new Deadline(fromMs + ms);
  }

  /** Milliseconds left; 0 once it has passed. */
  remainingMs(): number {
    return Math.max(0, this.atMs - performance.now());
  }
}
