export { addressOf } from './address-of.js';
export { AddressLimitGuard } from './address-limit.guard.js';
export { CallerLimitGuard } from './caller-limit.guard.js';
export { LimitCounts } from './limit-counts.js';
export type { RateLimit, RateLimits } from './rate-limit.js';
export { RouteLimits, type WeighedLimit } from './route-limits.js';
export { ThrottlingModule } from './throttling.module.js';
