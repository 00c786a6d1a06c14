import { ApiProblem } from './api-problem.error.js';
import { parse } from './json.js';
import { pause } from './pause.js';
import { readEvents } from './read-events.js';
import { UnexpectedAnswerError } from './unexpected-answer.error.js';

/** Until the gateway says otherwise. */
const firstRetryMs = 2_000;
const longestWaitMs = 30_000;
/** A gateway says something every 10 s: after this without a word nobody is there any more. */
const silenceMs = 35_000;

interface FollowOptions {
  readonly signal: AbortSignal | undefined;
  readonly exactIntegers: boolean;
}

/**
 * The events of a stream, as `{ event, …data }`. Whatever cuts it off, it is opened again: at once told, then later and
 * later up to 30 s. Throws what `open` was refused with for good (a problem below 500 other than 429), and the reason
 * of the signal.
 */
export async function* followEvents(
  open: (signal: AbortSignal) => Promise<Response>,
  { signal, exactIntegers }: FollowOptions,
): AsyncGenerator<unknown, void> {
  let retryMs = firstRetryMs;
  for (let failures = 0; ; failures += 1) {
    let leastMs = 0;
    try {
      using watch = new SilenceWatch(signal);
      const response = await open(watch.signal);
      for await (const message of readEvents(bodyOf(response))) {
        failures = 0;
        watch.hear();
        retryMs = message?.retryMs ?? retryMs;
        if (message !== undefined && message.data !== '') yield toEvent(message, exactIntegers);
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!mayPass(error)) throw error;
      leastMs = error instanceof ApiProblem ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
    }
    await pause(Math.max(leastMs, waitMs(retryMs, failures)), signal);
  }
}

/** Ends a connection on which nothing comes any more, also where the network does not tell. */
class SilenceWatch implements Disposable {
  private readonly silence = new AbortController();
  private timer = this.start();

  constructor(private readonly outer: AbortSignal | undefined) {}

  get signal(): AbortSignal {
    return AbortSignal.any([this.silence.signal, ...(this.outer === undefined ? [] : [this.outer])]);
  }

  hear(): void {
    clearTimeout(this.timer);
    this.timer = this.start();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.timer);
  }

  private start(): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.silence.abort(), silenceMs);
  }
}

function bodyOf(response: Response): ReadableStream<Uint8Array> {
  const type = response.headers.get('content-type') ?? '';
  if (response.body !== null && type.startsWith('text/event-stream')) return response.body;
  throw new UnexpectedAnswerError(response.status, type);
}

function toEvent({ event, data }: { readonly event: string; readonly data: string }, exactIntegers: boolean) {
  const value = parse(data, exactIntegers);
  if (typeof value !== 'object' || value === null) throw new UnexpectedAnswerError(200, data);
  return { event, ...value };
}

/** The network comes back, and so does a gateway that is busy or restarted. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ApiProblem || error instanceof UnexpectedAnswerError)) return true;
  return error.status >= 500 || error.status === 429;
}

/** Not all at once, where all were cut off at once. */
function waitMs(retryMs: number, failures: number): number {
  const longMs = Math.min(longestWaitMs, retryMs * 2 ** Math.min(failures, 10));
  return longMs / 2 + (Math.random() * longMs) / 2;
}
