import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ProblemError } from '@bff/problem';
import { asksForFields, readSelection } from './rendering/field-selection.js';
import { formFor, mediaTypes } from './rendering/media-types.js';
import { viewOf } from './renders.decorator.js';

const offers = Object.values(mediaTypes).join(', ');

/**
 * 406 unless the caller takes what views are rendered as, and 400 for fields that the view does not have. Before
 * anything is loaded or changed: an answer that nobody can read is no reason to place an order.
 */
export class NegotiateGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(execution: ExecutionContext): boolean {
    const request = execution.switchToHttp().getRequest<Request>();
    const isTaken = formFor(request) !== undefined;
    if (isTaken && !asksForFields(request)) return true;
    const view = viewOf(this.reflector, execution.getHandler());
    // What is no view says for itself what it is.
    if (view === undefined) return true;
    if (!isTaken) throw new ProblemError('not_acceptable', `This endpoint answers with ${offers}.`);
    readSelection(view, request);
    return true;
  }
}
