import type { ServerResponse } from 'node:http';
import { ProblemError, spreadUntilMs, toRetryAfter } from '@bff/problem';
import { addRateLimitHeaders } from './rate-limit-headers.js';
import type { RateLimit } from './rate-limit.js';
import type { ThrottlerStorageRecord } from './weighted-storage.js';

interface Counted {
  /** As it appears in the RateLimit headers. */
  readonly name: string;
  readonly limit: RateLimit;
  readonly record: ThrottlerStorageRecord;
}

/** Tells what is left of a limit that has been counted; throws `rate_limited` (429) when that is nothing. */
export function enforceLimit(response: ServerResponse, { name, limit, record }: Counted): void {
  addRateLimitHeaders(response, {
    name,
    limit: limit.requests,
    windowSeconds: Math.ceil(limit.windowMs / 1000),
    remaining: Math.max(0, limit.requests - record.totalHits),
    resetSeconds: record.timeToExpire,
  });
  if (record.isBlocked) throw tooManyRequests(name, record.timeToBlockExpire * 1_000, limit.windowMs);
}

/** Nobody is told to wait longer than a whole window. */
function tooManyRequests(name: string, waitMs: number, windowMs: number): ProblemError {
  const detail = `The limit for this ${name} is used up; it is whole again in ${waitMs / 1_000} s.`;
  return new ProblemError('rate_limited', detail, {
    headers: { 'Retry-After': toRetryAfter(waitMs, Math.min(windowMs, spreadUntilMs(waitMs))) },
  });
}
