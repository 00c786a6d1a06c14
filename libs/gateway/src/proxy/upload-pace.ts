import { ProblemError } from '@bff/problem';
import type { RouteUpload } from '@bff/proxy';

/** For so long a caller may be too slow before he is cut off. */
const windowMs = 10_000;

/** Passes pieces on as they come. Throws `request_timeout` when they come too slowly, or are not all there in time. */
export async function* paced(
  pieces: AsyncIterator<Buffer>,
  limit: RouteUpload,
): AsyncGenerator<Buffer, void> {
  using pace = new UploadPace(limit);
  for (;;) {
    const { done, value } = await pace.wait(pieces);
    if (done) return;
    yield value;
  }
}

/** Measures a caller by the time in which somebody waits for him: a service that reads slowly is no fault of his. */
class UploadPace implements Disposable {
  private readonly windows: NodeJS.Timeout;
  private readonly end: NodeJS.Timeout;
  private bytes = 0;
  private waitedMs = 0;
  private waitingSinceMs: number | undefined;
  private failure: ProblemError | undefined;
  private reject: ((failure: ProblemError) => void) | undefined;

  constructor(private readonly limit: RouteUpload) {
    this.windows = setInterval(() => this.judge(), windowMs);
    this.end = setTimeout(
      () => this.fail(`This takes ${limit.timeoutMs / 1_000} s to be sent at most.`),
      limit.timeoutMs,
    );
  }

  async wait(pieces: AsyncIterator<Buffer>): Promise<IteratorResult<Buffer>> {
    if (this.failure !== undefined) throw this.failure;
    this.waitingSinceMs = performance.now();
    const piece = await new Promise<IteratorResult<Buffer>>((resolve, reject) => {
      this.reject = reject;
      pieces.next().then(resolve, reject);
    });
    this.countWaiting();
    this.waitingSinceMs = undefined;
    if (!piece.done) this.bytes += piece.value.length;
    return piece;
  }

  [Symbol.dispose](): void {
    clearInterval(this.windows);
    clearTimeout(this.end);
  }

  private countWaiting(): void {
    if (this.waitingSinceMs === undefined) return;
    const nowMs = performance.now();
    this.waitedMs += nowMs - this.waitingSinceMs;
    this.waitingSinceMs = nowMs;
  }

  private judge(): void {
    this.countWaiting();
    const { minBytesPerSecond } = this.limit;
    if (this.bytes < (minBytesPerSecond * this.waitedMs) / 1_000)
      this.fail(`This takes ${minBytesPerSecond} bytes a second at least.`);
    this.bytes = 0;
    this.waitedMs = 0;
  }

  private fail(detail: string): void {
    this.failure ??= new ProblemError('request_timeout', detail);
    this.reject?.(this.failure);
  }
}
