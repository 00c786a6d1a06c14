import { type CanActivate, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import { currentContext, Deadline } from '@bff/context';

const ANSWER_WITHIN = 'bff:answer-within';

/** The most that answering this route may take, in place of the gateway's `deadline`. */
export const AnswerWithin = (ms: number): MethodDecorator => SetMetadata(ANSWER_WITHIN, ms);

/** Sets the deadline of a route that has one of its own; the caller's `X-Timeout-Ms` still lowers it. */
export class RouteDeadlineGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(execution: ExecutionContext): boolean {
    const routeMs = this.reflector.get<number | undefined>(ANSWER_WITHIN, execution.getHandler());
    const context = currentContext();
    if (routeMs !== undefined && context !== undefined)
      context.deadline = Deadline.after(Math.min(routeMs, context.callerWaitsMs ?? Infinity));
    return true;
  }
}
