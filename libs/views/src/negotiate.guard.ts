import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { ProblemError } from '@bff/problem';
import { formFor, mediaTypes } from './rendering/media-types.js';

const offers = Object.values(mediaTypes).join(', ');

/**
 * 406 unless the caller takes what views are rendered as. Before anything is loaded or changed: an answer that nobody
 * can read is no reason to place an order.
 */
export class NegotiateGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<Request>();
    if (formFor(request) !== undefined) return true;
    throw new ProblemError('not_acceptable', `This endpoint answers with ${offers}.`);
  }
}
