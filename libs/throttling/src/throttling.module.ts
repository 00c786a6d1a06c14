import { Module } from '@nestjs/common';
import { ThrottlerStorage } from '@nestjs/throttler';
import { AddressLimitGuard } from './address-limit.guard.js';
import { CallerLimitGuard } from './caller-limit.guard.js';
import { FixedWindowStorage } from './fixed-window-storage.js';
import { ConfigurableModuleClass } from './throttling.options.js';

@Module({
  providers: [
    { provide: ThrottlerStorage, useFactory: () => new FixedWindowStorage() },
    AddressLimitGuard,
    CallerLimitGuard,
  ],
  exports: [AddressLimitGuard, CallerLimitGuard],
})
export class ThrottlingModule extends ConfigurableModuleClass {}
