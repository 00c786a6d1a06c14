import { Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerStorage } from '@nestjs/throttler';
import { addressOf } from './address-of.js';
import { RateLimitGuard } from './rate-limit.guard.js';
import type { RateLimits } from './rate-limit.js';
import { RATE_LIMITS } from './throttling.options.js';

/** Counts by network address. */
@Injectable()
export class AddressLimitGuard extends RateLimitGuard {
  constructor(
    @Inject(RATE_LIMITS) limits: RateLimits,
    @Inject(ThrottlerStorage) storage: ThrottlerStorage,
    reflector: Reflector,
  ) {
    super({ name: 'address', limit: limits.address, trackerOf: addressOf }, storage, reflector);
  }
}
