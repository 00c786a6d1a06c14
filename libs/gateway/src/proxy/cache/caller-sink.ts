import type { HttpAnswer, RelaySink } from '@bff/upstream';
import { tagHeaders } from './answer-tags.js';
import type { Asked } from './asked.js';
import { isNotModified } from './is-not-modified.js';
import { toHead } from './to-head.js';

const ofBody = new Set(['content-length', 'content-encoding', 'content-type', 'content-range']);

/** Hands an answer to one caller, wherever it comes from; 304 where they have it already. */
export class CallerSink implements RelaySink {
  /** What `Cache-Status` says of this request (RFC 9211). */
  how = 'fwd=bypass';
  private hasBody: boolean;

  constructor(private readonly asked: Pick<Asked, 'request' | 'response' | 'compiled' | 'sink'>) {
    this.hasBody = asked.request.method !== 'HEAD';
  }

  onInformation(status: number, raw: readonly string[]): void {
    this.asked.sink.onInformation(status, raw);
  }

  onHead(status: number, raw: readonly string[]): void {
    const { request, response, compiled, sink } = this.asked;
    const head = toHead(status, raw);
    const theirs = head.headers['cache-status'];
    const ours = `${compiled.gateway}; ${this.how}`;
    response.setHeader('Cache-Status', theirs === undefined ? ours : `${theirs}, ${ours}`);
    const { allow = [] } = compiled.route.responseHeaders;
    const hidden = tagHeaders.filter((name) => !allow.some((one) => one.toLowerCase() === name));
    if (!isNotModified(request, head)) return sink.onHead(status, without(raw, hidden));
    this.hasBody = false;
    sink.onHead(304, without(raw, [...hidden, ...ofBody]));
  }

  write(chunk: Buffer): boolean {
    return !this.hasBody || this.asked.sink.write(chunk);
  }

  onDrain(resume: () => void): void {
    this.asked.sink.onDrain(resume);
  }

  end(trailers: readonly string[]): void {
    this.asked.sink.end(this.hasBody ? trailers : []);
  }

  /** All of a kept answer. */
  give({ status, headers, body }: HttpAnswer): void {
    const raw = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || ofLength.has(name) ? [] : [name, String(value)],
    );
    this.onHead(status, [...raw, 'content-length', String(body.length)]);
    this.write(body);
    this.end([]);
  }
}

/** What another one had before is not said again. */
const ofLength = new Set(['content-length', 'transfer-encoding', 'cache-status']);

function without(raw: readonly string[], names: readonly string[]): string[] {
  return raw.filter((_, index) => !names.includes((raw[index - (index % 2)] ?? '').toLowerCase()));
}
