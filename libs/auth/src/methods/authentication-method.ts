import type { IncomingHttpHeaders } from 'node:http';
import type { Request, Response } from 'express';
import type { Caller } from '@bff/context';

/** The ways in which a caller can show who he is. */
export const methodNames = ['session', 'bearer', 'api-key'] as const;
export type MethodName = (typeof methodNames)[number];

/** What tells who sends a request, before anything of it is checked. */
export interface Credentials extends Readonly<Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>> {
  readonly 'x-api-key'?: string | string[] | undefined;
}

/** An `upgrade` to WebSocket comes from a browser without the headers that a page may set. Default: request. */
export type Arrival = 'request' | 'upgrade';

/** One way of showing who is calling. */
export interface AuthenticationMethod {
  /** For `WWW-Authenticate` (RFC 9110, section 11.6.1), to whoever brings nothing. */
  readonly challenge: string;
  /** How to come in, in a sentence. */
  readonly invitation: string;
  /**
   * Undefined: the request brings nothing of this kind. Throws ProblemError when it brings something that does not
   * hold, or that may not be used like this.
   */
  identify(request: Request, response: Response, arrival?: Arrival): Caller | Promise<Caller> | undefined;
  /**
   * True for whoever was let in before. Verifies nothing: an overloaded process asks this for each request that it
   * refuses.
   */
  knows(credentials: Credentials): boolean;
}
