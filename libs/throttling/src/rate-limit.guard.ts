import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerStorage } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { enforceLimit } from './enforce-limit.js';
import type { RateLimit } from './rate-limit.js';

export interface RateLimitGuardOptions {
  /** As it appears in the RateLimit headers. */
  readonly name: string;
  readonly limit: RateLimit;
  /** Whom a request counts for; undefined: it does not count here. */
  readonly trackerOf: (request: Request) => string | undefined;
}

/** One limit for a whole gateway: all of its routes count together. Throws `rate_limited` (429). */
export class RateLimitGuard extends ThrottlerGuard {
  private limit: RateLimit;

  constructor(
    private readonly rateLimit: RateLimitGuardOptions,
    storage: ThrottlerStorage,
    reflector: Reflector,
  ) {
    const { name, limit } = rateLimit;
    super([{ name, limit: limit.requests, ttl: limit.windowMs }], storage, reflector);
    this.limit = limit;
  }

  /** From now on; windows that are open keep the time they end at. */
  setLimit(limit: RateLimit): void {
    this.limit = limit;
  }

  /** In place of ThrottlerGuard's own, which looks for decorators of each route: here all routes count together. */
  override canActivate(execution: ExecutionContext): Promise<boolean> {
    const http = execution.switchToHttp();
    return this.check(http.getRequest<Request>(), http.getResponse<Response>());
  }

  /** The same outside of Nest. True, or rejects with `rate_limited`. */
  async check(request: Request, response: Response): Promise<boolean> {
    const tracker = this.rateLimit.trackerOf(request);
    if (tracker === undefined) return true;
    const { name } = this.rateLimit;
    const { requests: limit, windowMs: ttl } = this.limit;
    const record = await this.storageService.increment(`${name}:${tracker}`, ttl, limit, ttl, name);
    enforceLimit(response, { name, limit: this.limit, record });
    return true;
  }
}
