import type { CanActivate, ExecutionContext } from '@nestjs/common';
import express, { type Request, type Response } from 'express';
import { CallerGoneError, ProblemError } from '@bff/problem';
import { serverLimits } from '../server/server-limits.js';
import { readJson } from './read-json.js';

/** Takes any media type: what is not JSON is refused by the guard, with a problem. Counts inflated bytes. */
const readBytes = express.raw({ type: () => true, limit: serverLimits.bodyBytes, inflate: true });

/**
 * Reads the JSON body of a view or action, after the caller is known and before the handler's pipes check it. A guard,
 * because that is the last step of Nest's before pipes that costs nothing where there is no body.
 */
export class ReadBodyGuard implements CanActivate {
  canActivate(execution: ExecutionContext): true | Promise<true> {
    const request = execution.switchToHttp().getRequest<Request>();
    return hasBody(request) ? readBody(request, execution.switchToHttp().getResponse<Response>()) : true;
  }
}

async function readBody(request: Request, response: Response): Promise<true> {
  refuseOtherMedia(request);
  refuseLarge(request);
  request.body = readJson(await readAll(request, response), serverLimits);
  return true;
}

/** A body on GET or HEAD has no meaning (RFC 9110, 9.3.1): Node drops it. */
function hasBody({ method, headers }: Request): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function refuseOtherMedia({ headers }: Request): void {
  const [mediaType = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters
    .map((parameter) => parameter.trim())
    .find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  if (/^application\/([\w.+-]+\+)?json$/.test(mediaType.trim()) && isUtf8) return;
  throw new ProblemError('unsupported_media_type', 'Send the body as application/json in UTF-8.');
}

/** At once, where the size is told: without this the whole body would be waited for before the answer. */
function refuseLarge({ headers }: Request): void {
  if (Number(headers['content-length'] ?? 0) > serverLimits.bodyBytes)
    throw new ProblemError('payload_too_large');
}

function readAll(request: Request, response: Response): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    readBytes(request, response, (error?: unknown) => {
      if (error === undefined) resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
      else reject(request.destroyed && !request.complete ? new CallerGoneError({ cause: error }) : error);
    });
  });
}
