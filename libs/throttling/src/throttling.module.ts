import { Module } from '@nestjs/common';
import { ThrottlerStorage } from '@nestjs/throttler';
import { AddressLimitGuard } from './address-limit.guard.js';
import { CallerLimitGuard } from './caller-limit.guard.js';
import { RouteLimits } from './route-limits.js';
import { LimitCounts } from './limit-counts.js';
import { FixedWindowStorage } from './fixed-window-storage.js';
import { SharedWindowStorage } from './shared-window-storage.js';
import { ConfigurableModuleClass, RATE_LIMITS, type ThrottlingOptions } from './throttling.options.js';

@Module({
  providers: [
    {
      provide: ThrottlerStorage,
      inject: [RATE_LIMITS, LimitCounts],
      useFactory: ({ store }: ThrottlingOptions, counts: LimitCounts) =>
        store === undefined ? new FixedWindowStorage() : new SharedWindowStorage(store, counts),
    },
    LimitCounts,
    AddressLimitGuard,
    CallerLimitGuard,
    RouteLimits,
  ],
  exports: [AddressLimitGuard, CallerLimitGuard, LimitCounts, RouteLimits],
})
export class ThrottlingModule extends ConfigurableModuleClass {}
