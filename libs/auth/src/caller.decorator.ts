import { createParamDecorator } from '@nestjs/common';
import { type Caller as KnownCaller, currentContext } from '@bff/context';
import { ProblemError } from '@bff/problem';

/** The verified caller, as a handler's parameter: `(@Caller() me: Caller)`. 401 on a public route without one. */
export const Caller = createParamDecorator((): KnownCaller => {
  const caller = currentContext()?.caller;
  if (caller === undefined) throw new ProblemError('unauthenticated');
  return caller;
});
export type Caller = KnownCaller;
