import type { UpstreamError } from '@bff/problem';
import { defaultIfEmpty, finalize, from, merge, mergeMap, Subject, type Subscription, take } from 'rxjs';
import { AttemptError } from '../engine/attempt.error.js';
import type { MessageCall, MessageRequest } from './message-call.js';
import type { MessageClient } from './message-client.js';
import { toConnectFailure, toLossFailure, toMessageFailure } from './message-failure.js';

interface LineOptions {
  readonly upstream: string;
  readonly client: MessageClient;
  readonly connectTimeoutMs: number;
  /** Called once, when it could not connect or is connected no more. */
  readonly onLost: (line: MessageLine, failure: UpstreamError) => void;
}

/** A client that is told to leave may wait for a broker that has stopped to say so. */
const dropTimeoutMs = 1_000;

/** One connection, from its first attempt to its loss, which ends all requests on it. */
export class MessageLine {
  /** Whether a request on it was ever answered. */
  hasWorked = false;
  private inFlight = 0;
  private isConnected = false;
  private isLost = false;
  private onIdle: (() => void) | undefined;
  private readonly lost = new Subject<never>();
  private readonly watch: Subscription;
  private readonly timer: NodeJS.Timeout;
  private readonly connected: Promise<void>;
  private dropped: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: LineOptions) {
    const { client, connectTimeoutMs } = options;
    this.watch = client.status.subscribe((status) => {
      if (status === 'disconnected') this.fail();
    });
    this.timer = setTimeout(
      () => this.fail(new Error(`not within ${connectTimeoutMs} ms`)),
      connectTimeoutMs,
    );
    this.connected = this.connect();
    this.connected.catch((error: unknown) => this.fail(error));
  }

  request({ pattern, data, headers }: MessageCall): MessageRequest {
    const { upstream, client } = this.options;
    const { promise: reply, resolve, reject } = Promise.withResolvers<unknown>();
    const sent = from(this.connected).pipe(
      mergeMap(() => client.send(pattern, client.toRecord(data, headers))),
      defaultIfEmpty(undefined),
    );
    this.inFlight += 1;
    const request = merge(this.lost, sent)
      .pipe(
        take(1),
        finalize(() => this.end()),
      )
      .subscribe({
        next: (answer) => {
          this.hasWorked = true;
          resolve(answer);
        },
        error: (thrown: unknown) => {
          this.hasWorked ||= !this.isLost;
          reject(toMessageFailure(upstream, thrown));
        },
      });
    return { reply, cancel: () => request.unsubscribe() };
  }

  /** Lets what is in flight end, up to `graceMs`. */
  async close(graceMs: number): Promise<void> {
    if (this.inFlight > 0) await this.idle(graceMs);
    this.lose(new AttemptError(this.options.upstream, 'unreachable', 'closed'));
    await this.dropped;
  }

  private async connect(): Promise<void> {
    await this.options.client.connect();
    clearTimeout(this.timer);
    this.isConnected = true;
  }

  private fail(error?: unknown): void {
    const { upstream, client } = this.options;
    const toFailure = this.isConnected ? toLossFailure : toConnectFailure;
    this.lose(toFailure(upstream, client.lastError ?? error));
  }

  private lose(failure: UpstreamError): void {
    if (this.isLost) return;
    this.isLost = true;
    clearTimeout(this.timer);
    this.watch.unsubscribe();
    this.options.onLost(this, failure);
    this.lost.error(failure);
    this.dropped = within(dropTimeoutMs, this.options.client.drop());
  }

  private end(): void {
    this.inFlight -= 1;
    if (this.inFlight === 0) this.onIdle?.();
  }

  private async idle(graceMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.onIdle = resolve;
    await within(graceMs, promise);
  }
}

/** Resolves when it has settled, whatever it has become, or when the time is up. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  work.then(
    () => resolve(),
    () => resolve(),
  );
  await promise;
  clearTimeout(timer);
}
