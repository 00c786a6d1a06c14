const capacity = 100;
/** Older outcomes say nothing about now, however few came after them. */
const maxAgeMs = 30_000;

const failed = 1;
const slowly = 2;

/** How the last calls ended: up to 100 of them, none older than 30 s; counted as they come and go. */
export class OutcomeWindow {
  private readonly flags = new Uint8Array(capacity);
  private readonly atMs = new Float64Array(capacity);
  private next = 0;
  calls = 0;
  failures = 0;
  slow = 0;

  add(isFailure: boolean, isSlow: boolean, nowMs: number): void {
    if (this.calls === capacity) this.dropOldest();
    while (this.calls > 0 && nowMs - this.atMs[this.oldest]! > maxAgeMs) this.dropOldest();
    this.flags[this.next] = (isFailure ? failed : 0) | (isSlow ? slowly : 0);
    this.atMs[this.next] = nowMs;
    this.next = (this.next + 1) % capacity;
    this.count(isFailure, isSlow, 1);
  }

  clear(): void {
    this.calls = 0;
    this.failures = 0;
    this.slow = 0;
  }

  private get oldest(): number {
    return (this.next - this.calls + capacity) % capacity;
  }

  private dropOldest(): void {
    const flags = this.flags[this.oldest]!;
    this.count((flags & failed) !== 0, (flags & slowly) !== 0, -1);
  }

  private count(isFailure: boolean, isSlow: boolean, by: 1 | -1): void {
    this.calls += by;
    if (isFailure) this.failures += by;
    if (isSlow) this.slow += by;
  }
}
