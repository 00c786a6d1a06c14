import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';

const keys = new WeakMap<Request, string>();

/**
 * The key that services are told, so that they recognise the same change when it comes again; undefined where the
 * caller sent none. Made of his own and of who he is, so that equal keys of two callers are two keys to a service.
 */
export const IdempotencyKey = createParamDecorator((_data: unknown, execution: ExecutionContext) =>
  keys.get(execution.switchToHttp().getRequest<Request>()),
);

export function setServiceKey(request: Request, key: string): void {
  keys.set(request, key);
}
