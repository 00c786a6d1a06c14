import { types } from 'node:util';
import type { UpstreamError } from '@bff/problem';
import { AttemptError } from '../engine/attempt.error.js';
import { toStatusFailure } from '../http/http-failure.js';

/** Nobody took the request, as its broker says. */
export class NobodyListensError extends Error {
  constructor() {
    super('nobody listens');
    this.name = 'NobodyListensError';
  }
}

/** How NestJS names it when NATS says that there are no responders. */
const noResponders = /^Empty response\. There are no subscribers/;

/** A mistake of ours: what was to be sent is no JSON, or too much for the broker. */
const ourMistake = /^(TypeError|RangeError|InvalidArgumentError)$/;

/** What of a reply an error may say, for the log. */
const shownCharacters = 200;

/**
 * What a failed request means: an error of its connection, or whatever a service sent in place of an answer. A mistake
 * of ours comes back as it is.
 */
export function toMessageFailure(upstream: string, thrown: unknown): unknown {
  if (thrown instanceof AttemptError) return thrown;
  if (!types.isNativeError(thrown)) return toReplyFailure(upstream, thrown);
  if (thrown instanceof NobodyListensError || noResponders.test(thrown.message))
    return new AttemptError(upstream, 'unreachable', 'nobody listens', { retry: 'always' });
  if (ourMistake.test(thrown.name)) return thrown;
  return new AttemptError(upstream, 'unreachable', describe(thrown), { retry: 'if_idempotent' });
}

/**
 * Why there is no connection; no request has left. The error itself is not kept as the cause: those of brokers'
 * clients carry the password.
 */
export function toConnectFailure(upstream: string, thrown: unknown): AttemptError {
  return new AttemptError(upstream, 'unreachable', `no connection: ${describe(thrown)}`, { retry: 'always' });
}

/**
 * Why a connection is no more. NestJS's TCP client gives a text, no error, where what came over it was no message.
 */
export function toLossFailure(upstream: string, thrown: unknown): AttemptError {
  if (typeof thrown === 'string') return new AttemptError(upstream, 'bad_response', describe(thrown));
  const why = thrown === undefined ? '' : `: ${describe(thrown)}`;
  return new AttemptError(upstream, 'unreachable', `connection lost${why}`, { retry: 'if_idempotent' });
}

/** NestJS sends what a handler threw: an object that may have a status as HTTP has it, or a text. */
function toReplyFailure(upstream: string, reply: unknown): UpstreamError {
  const status = statusOf(reply);
  if (status !== undefined) return toStatusFailure(upstream, status);
  const text = (JSON.stringify(reply) ?? 'nothing').slice(0, shownCharacters);
  return new AttemptError(upstream, 'bad_response', `error reply ${text}`);
}

function statusOf(reply: unknown): number | undefined {
  if (typeof reply !== 'object' || reply === null) return undefined;
  const { status, statusCode } = reply as { readonly status?: unknown; readonly statusCode?: unknown };
  return [status, statusCode].find(
    (one): one is number => typeof one === 'number' && Number.isInteger(one) && one >= 100 && one <= 599,
  );
}

/** The code or the first line of the message: RabbitMQ's client wraps its error, with the address, in an object. */
function describe(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown.slice(0, shownCharacters);
  if (typeof thrown !== 'object' || thrown === null) return 'unknown';
  const { code, message, err } = thrown as { code?: unknown; message?: unknown; err?: unknown };
  if (typeof code === 'string') return code;
  if (typeof message !== 'string' || message === '') return err === undefined ? 'unknown' : describe(err);
  return (message.split('\n', 1)[0] ?? '').slice(0, shownCharacters);
}
