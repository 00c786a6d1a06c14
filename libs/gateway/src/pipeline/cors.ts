import cors from 'cors';
import type { NextFunction, Request, Response } from 'express';

const preflightSeconds = 600;

/** Goes on with what is no preflight (WHATWG Fetch, section 3.3); such a one is answered. */
export type CorsStep = (request: Request, response: Response, next: NextFunction) => void;

/** Pages of these origins may call, with cookies, and read what is answered. Undefined without any: CORS is off. */
export function createCors(origins: readonly string[]): CorsStep | undefined {
  if (origins.length === 0) return undefined;
  return cors({
    origin: [...origins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    exposedHeaders: [
      'ETag',
      'Location',
      'Proxy-Status',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'WWW-Authenticate',
      'X-Incomplete',
      'X-Request-Id',
    ],
    maxAge: preflightSeconds,
  }) as CorsStep;
}

/** The method that a page asks leave for; undefined: this is no preflight. */
export function preflightMethodOf({
  method,
  headers,
}: Pick<Request, 'method' | 'headers'>): string | undefined {
  return method === 'OPTIONS' && headers.origin !== undefined
    ? headers['access-control-request-method']
    : undefined;
}
