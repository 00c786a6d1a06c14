import type { Request, Response } from 'express';
import { UpstreamError } from '@bff/problem';
import { type ClientHeaders, type ResponseHeaders, toTransformedHeaders } from '@bff/proxy';
import type { HttpUpstream, RelaySink } from '@bff/upstream';
import { isUtf8Media } from '../../pipeline/media-type.js';
import { leaveOurs, ResponseSink } from '../response-sink.js';
import type { AnswerTransform } from './answer-transform.js';
import { inflate } from './inflate.js';

/** The service of a transformed answer, and what becomes of it. */
interface Transforming {
  readonly headers: ResponseHeaders;
  readonly transform: AnswerTransform;
  readonly upstream: HttpUpstream;
}

/** An answer that is being collected. */
interface Collected {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly chunks: Buffer[];
  bytes: number;
}

/**
 * Collects an answer of 2xx, which `finish` then hands on transformed, as a whole; any other goes to the caller as it
 * comes. Bounded by the `maxBytes` of the route and the `maxAnswer` of the upstream, inflated. Throws UpstreamError for what cannot be transformed:
 * nothing passes by accident.
 */
export class TransformedSink implements RelaySink {
  /** Undefined: the answer is collected. */
  private passing: ResponseSink | undefined;
  private collected: Collected | undefined;

  constructor(
    private readonly request: Request,
    private readonly response: Response,
    private readonly transforming: Transforming,
  ) {}

  get isCollecting(): boolean {
    return this.passing === undefined;
  }

  private get maxBytes(): number {
    const { transform, upstream } = this.transforming;
    return Math.min(transform.maxBytes, upstream.http.maxAnswerBytes);
  }

  /** Comes a second time where collecting took an attempt all of its time. */
  onHead(status: number, rawHeaders: readonly string[]): void {
    const isRead = status >= 200 && status <= 299;
    if (isRead && this.request.method !== 'HEAD') {
      if (status === 206) throw this.unusable('a part of an answer');
      this.collected = { status, rawHeaders, chunks: [], bytes: 0 };
      return this.refuseAbove(Number(valueOf(rawHeaders, 'content-length') ?? 0));
    }
    const { headers } = this.transforming;
    const toClient = (raw: readonly string[]): ClientHeaders => this.transformed(raw);
    this.passing = new ResponseSink(this.response, isRead || status === 304 ? { toClient } : headers);
    this.passing.onHead(status, rawHeaders);
  }

  write(chunk: Buffer): boolean {
    if (this.passing !== undefined) return this.passing.write(chunk);
    const { collected } = this;
    if (collected === undefined) return true;
    collected.bytes += chunk.length;
    this.refuseAbove(collected.bytes);
    collected.chunks.push(chunk);
    return true;
  }

  onDrain(resume: () => void): void {
    this.passing?.onDrain(resume);
  }

  end(trailers: readonly string[]): void {
    this.passing?.end(trailers);
  }

  /** To be called when the answer was whole. */
  async finish(): Promise<void> {
    const { collected, response } = this;
    if (collected === undefined || this.passing !== undefined) return;
    const body = await this.bodyOf(collected);
    const headers = this.transformed(collected.rawHeaders);
    leaveOurs(response, headers);
    if (collected.status !== 204) headers['content-length'] = String(body.length);
    response.writeHead(collected.status, headers).end(body);
  }

  private async bodyOf({ rawHeaders, chunks }: Collected): Promise<Buffer> {
    const { transform, upstream } = this.transforming;
    const plain = await this.inflated(Buffer.concat(chunks), valueOf(rawHeaders, 'content-encoding'));
    if (plain.length === 0) return plain;
    const contentType = valueOf(rawHeaders, 'content-type');
    if (!isUtf8Media(contentType, transform.media)) throw this.unusable(`content type ${contentType}`);
    return transform.of(upstream.http.name, plain);
  }

  private async inflated(bytes: Buffer, coding: string | undefined): Promise<Buffer> {
    if (bytes.length === 0 || coding === undefined) return bytes;
    try {
      return await inflate(bytes, coding, this.maxBytes);
    } catch (cause) {
      throw this.unusable(`content encoding ${coding}: ${(cause as Error).message}`);
    }
  }

  private transformed(rawHeaders: readonly string[]): ClientHeaders {
    const { headers, transform } = this.transforming;
    const passed = toTransformedHeaders(headers.toClient(rawHeaders), transform.tags);
    if (transform.contentType !== undefined && passed['content-type'] !== undefined)
      passed['content-type'] = transform.contentType;
    return passed;
  }

  private refuseAbove(bytes: number): void {
    if (bytes > this.maxBytes) throw this.unusable(`an answer of more than ${this.maxBytes} bytes`);
  }

  private unusable(why: string): UpstreamError {
    return new UpstreamError(this.transforming.upstream.http.name, 'bad_response', why);
  }
}

function valueOf(rawHeaders: readonly string[], wanted: string): string | undefined {
  const index = rawHeaders.findIndex((text, at) => at % 2 === 0 && text.toLowerCase() === wanted);
  return index === -1 ? undefined : rawHeaders[index + 1];
}
