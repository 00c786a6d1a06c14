import { Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { normalizeIp, ThrottlerStorage } from '@nestjs/throttler';
import { RateLimitGuard } from './rate-limit.guard.js';
import type { RateLimits } from './rate-limit.js';
import { RATE_LIMITS } from './throttling.options.js';

/** Counts by network address; IPv6 by /64, which one customer has to himself. */
@Injectable()
export class AddressLimitGuard extends RateLimitGuard {
  constructor(
    @Inject(RATE_LIMITS) limits: RateLimits,
    @Inject(ThrottlerStorage) storage: ThrottlerStorage,
    reflector: Reflector,
  ) {
    super(
      {
        name: 'address',
        limit: limits.address,
        trackerOf: ({ ip = '' }) => (ip.includes(':') ? normalizeIp(ip) : ip),
      },
      storage,
      reflector,
    );
  }
}
