/** At most `requests` in each window of `windowMs`, counted per tracker (an address, a caller). */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

/** The two limits of a gateway: a coarse one before anything costly, and one for each known caller. */
export interface RateLimits {
  readonly address: RateLimit;
  readonly caller: RateLimit;
}
