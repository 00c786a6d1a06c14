import { Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerStorage } from '@nestjs/throttler';
import { currentContext } from '@bff/context';
import { RateLimitGuard } from './rate-limit.guard.js';
import type { RateLimits } from './rate-limit.js';
import { RATE_LIMITS } from './throttling.options.js';

/** Counts by signed-in caller; others are held by the limit per address alone. */
@Injectable()
export class CallerLimitGuard extends RateLimitGuard {
  constructor(
    @Inject(RATE_LIMITS) limits: RateLimits,
    @Inject(ThrottlerStorage) storage: ThrottlerStorage,
    reflector: Reflector,
  ) {
    const trackerOf = (): string | undefined => currentContext()?.caller?.id;
    super({ name: 'caller', limit: limits.caller, trackerOf }, storage, reflector);
  }
}
