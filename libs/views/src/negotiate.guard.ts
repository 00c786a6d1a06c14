import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ProblemError } from '@bff/problem';

/** What a caller may say who takes JSON in any case; others are negotiated with. */
const plain = new Set<string | undefined>([undefined, '*/*', 'application/json']);

/**
 * 406 unless the caller takes what views are rendered as. Before anything is loaded or changed: an answer that nobody
 * can read is no reason to place an order.
 */
export class NegotiateGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<Request>();
    if (plain.has(request.headers.accept) || request.accepts('application/json') !== false) return true;
    throw new ProblemError('not_acceptable', 'This endpoint answers with application/json.');
  }
}
