import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import { toMs } from '@bff/views';
import { IDEMPOTENCY, type Idempotency, type IdempotencyOptions } from './idempotency-options.js';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

/**
 * What this action does for a caller and a key happens once, and is answered the same way each time. The action hands
 * its `@IdempotencyKey()` to the service, which has the last word where a gateway died before it had the answer.
 */
export function Idempotent({ keepFor, ...options }: IdempotencyOptions): MethodDecorator {
  const idempotency: Idempotency = { ...options, keepForMs: toMs(keepFor) };
  return applyDecorators(SetMetadata(IDEMPOTENCY, idempotency), UseInterceptors(IdempotencyInterceptor));
}
