import type { ThrottlerStorage } from '@nestjs/throttler';

export type ThrottlerStorageRecord = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** A storage in which a request may count for more than one. */
export interface WeightedStorage extends ThrottlerStorage {
  /** Times in and out as `increment` has them: `ttl` in milliseconds, what is left in seconds. */
  add(key: string, weight: number, ttl: number, limit: number): Promise<ThrottlerStorageRecord>;
}
