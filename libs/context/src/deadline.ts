/** The moment by which an answer must be on its way; monotonic, so a clock that is set does not move it. */
export class Deadline {
  private constructor(private readonly atMs: number) {}

  static after(ms: number): Deadline {
    return new Deadline(performance.now() + ms);
  }

  /** Milliseconds left; 0 once it has passed. */
  remainingMs(): number {
    return Math.max(0, this.atMs - performance.now());
  }
}
