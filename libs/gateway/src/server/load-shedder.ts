import type { IncomingMessage, ServerResponse } from 'node:http';
import { getHeapStatistics } from 'node:v8';
import { createProblem } from '@bff/problem';
import { readRequestId } from '@bff/tracing';

export interface OverloadOptions {
  /** How late this process may run before it refuses requests; those without credentials first. */
  readonly lagMs: number;
  /** The part of the heap's limit above which nothing is taken any more; 0 to 1. */
  readonly heapShare: number;
  /** Requests being answered at one time. */
  readonly inFlight: number;
}

const sampleEveryMs = 20;
/** A late sample counts this much; the rest is what was before. */
const weight = 0.3;
const retryAfterSeconds = 2;

/**
 * Refuses what this process cannot answer in time anyway, before it costs anything: an overloaded gateway that takes
 * everything answers nothing. The later it runs, the larger the part that is refused; requests without credentials
 * are refused at half the lateness of others. Health checks have a port of their own.
 */
export class LoadShedder implements Disposable {
  private readonly timer: NodeJS.Timeout;
  private expectedMs = performance.now() + sampleEveryMs;
  private lagMs = 0;
  private isHeapFull = false;
  private running = 0;
  /** Requests refused since start. */
  refused = 0;

  constructor(
    private readonly options: OverloadOptions,
    private readonly random = Math.random,
  ) {
    this.timer = setInterval(() => this.sample(), sampleEveryMs).unref();
  }

  get lateMs(): number {
    return this.lagMs;
  }

  get inFlight(): number {
    return this.running;
  }

  /** False: the request was answered with 503. Else it counts as in flight until its response closes. */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.mustRefuse(request)) {
      this.refused += 1;
      refuse(request, response);
      return false;
    }
    this.running += 1;
    response.once('close', () => (this.running -= 1));
    return true;
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private mustRefuse({ headers }: IncomingMessage): boolean {
    if (this.isHeapFull || this.running >= this.options.inFlight) return true;
    const isKnown = headers.authorization !== undefined || headers.cookie !== undefined;
    const limitMs = isKnown ? this.options.lagMs : this.options.lagMs / 2;
    return this.lagMs > limitMs && this.random() < (this.lagMs - limitMs) / limitMs;
  }

  private sample(): void {
    const nowMs = performance.now();
    this.lagMs = this.lagMs * (1 - weight) + Math.max(0, nowMs - this.expectedMs) * weight;
    this.expectedMs = nowMs + sampleEveryMs;
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    this.isHeapFull = used_heap_size > heap_size_limit * this.options.heapShare;
  }
}

/** As a problem, by the cheapest way there is: no pipeline has seen the request. */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  const requestId = readRequestId(request.headers['x-request-id']);
  const body = JSON.stringify(createProblem('overloaded', { requestId }));
  response.writeHead(503, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    'Retry-After': retryAfterSeconds,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
