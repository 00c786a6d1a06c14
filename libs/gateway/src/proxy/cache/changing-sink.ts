import type { RelaySink } from '@bff/upstream';
import { toHead } from './to-head.js';

/** Tells what a change has changed before its caller knows that it is done (RFC 9111, section 4.4). */
export class ChangingSink implements RelaySink {
  private telling: Promise<unknown> | undefined;

  /** `url`: of the request. `invalidate` never rejects. */
  constructor(
    private readonly sink: RelaySink,
    private readonly url: string,
    private readonly invalidate: (url: string) => Promise<void>,
  ) {}

  onInformation(status: number, raw: readonly string[]): void {
    this.sink.onInformation?.(status, raw);
  }

  onHead(status: number, raw: readonly string[]): void {
    if (status < 400) {
      const { headers } = toHead(status, raw);
      const named = [headers['location'], headers['content-location']].map((value) => this.resolve(value));
      const changed = new Set([this.url, ...named.filter((url) => url !== undefined)]);
      this.telling = Promise.all([...changed].map((url) => this.invalidate(url)));
    }
    this.sink.onHead(status, raw);
  }

  write(chunk: Buffer): boolean {
    return this.sink.write(chunk);
  }

  onDrain(resume: () => void): void {
    this.sink.onDrain(resume);
  }

  end(trailers: readonly string[]): void {
    const end = (): void => this.sink.end(trailers);
    if (this.telling === undefined) end();
    else void this.telling.then(end, end);
  }

  /** Of this origin only. */
  private resolve(value: string | undefined): string | undefined {
    const url = value === undefined ? null : URL.parse(value, this.url);
    return url?.origin === new URL(this.url).origin ? url.href : undefined;
  }
}
