import type { Reflector } from '@nestjs/core';
import type { Duration } from '@bff/views';

/** How an action takes the `Idempotency-Key` of its caller. */
export interface IdempotencyOptions {
  /** `required`: a call without a key is refused. `optional`: such a call just runs. */
  readonly key: 'required' | 'optional';
  /** For how long the first answer is what every further call with the key gets. */
  readonly keepFor: Duration;
  /**
   * While the store is away: `refuse` with 503, or `pass`, which runs the action and leaves it to the service to
   * recognise the key. Pass only where it does.
   */
  readonly withoutStore: 'refuse' | 'pass';
}

/** As it is kept with the handler. */
export interface Idempotency extends Omit<IdempotencyOptions, 'keepFor'> {
  readonly keepForMs: number;
}

export const IDEMPOTENCY = 'bff:idempotency';

/** Undefined: the route takes no key. */
export function idempotencyOf(
  reflector: Reflector,
  handler: Parameters<Reflector['get']>[1],
): Idempotency | undefined {
  return reflector.get<Idempotency | undefined>(IDEMPOTENCY, handler);
}
