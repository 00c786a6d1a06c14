import compression from 'compression';
import type { NextFunction, Request, Response } from 'express';

const compress = compression();

/** Compresses answers for callers who take that; the others pay nothing for it. */
export function compressAnswers(request: Request, response: Response, next: NextFunction): void {
  if (request.headers['accept-encoding'] !== undefined) return void compress(request, response, next);
  response.setHeader('Vary', 'Accept-Encoding');
  next();
}
