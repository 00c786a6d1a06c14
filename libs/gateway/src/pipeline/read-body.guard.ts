import type { CanActivate, ExecutionContext } from '@nestjs/common';
import express, { type Request, type Response } from 'express';
import { CallerGoneError, ProblemError } from '@bff/problem';
import { serverLimits } from '../server/server-limits.js';
import { bodySchemaOf } from './body-schema.js';
import { isUtf8Media, jsonMedia } from './media-type.js';
import { readJson } from './read-json.js';
import { readXmlBody } from './read-xml-body.js';
import { takesForm } from './takes-form.js';

/** Takes any media type: what is not understood is refused by the guard, with a problem. Counts inflated bytes. */
const readBytes = express.raw({ type: () => true, limit: serverLimits.bodyBytes, inflate: true });

/**
 * Reads the body of a view or action, JSON or the XML form of it, after the caller is known and before the handler's pipes check it. A guard,
 * because that is the last step of Nest's before pipes that costs nothing where there is no body.
 */
export class ReadBodyGuard implements CanActivate {
  canActivate(execution: ExecutionContext): true | Promise<true> {
    const request = execution.switchToHttp().getRequest<Request>();
    return hasBody(request) ? readBody(request, execution) : true;
  }
}

async function readBody(request: Request, execution: ExecutionContext): Promise<true> {
  const read = readerOf(request, execution);
  refuseLarge(request);
  request.body = read(await readAll(request, execution.switchToHttp().getResponse<Response>()));
  return true;
}

/** By its media type, before any of it is there. Throws `unsupported_media_type`. */
function readerOf(request: Request, execution: ExecutionContext): (bytes: Buffer) => unknown {
  if (takesForm(execution.getHandler())) {
    if (isUtf8Media(request.headers['content-type'], /^application\/x-www-form-urlencoded$/)) return readForm;
    throw new ProblemError('unsupported_media_type', 'Send the body as application/x-www-form-urlencoded.');
  }
  const schema = isXml(request) ? bodySchemaOf(execution) : undefined;
  if (schema !== undefined) return (bytes) => readXmlBody(bytes, schema);
  refuseOtherMedia(request);
  return (bytes) => readJson(bytes, serverLimits);
}

/** A name that comes twice has no value: two readers may take different ones. */
function readForm(bytes: Buffer): Record<string, string> {
  const fields = new URLSearchParams(bytes.toString('utf8'));
  const once = [...fields].filter(([name]) => fields.getAll(name).length === 1);
  return Object.fromEntries(once);
}

/** A body on GET or HEAD has no meaning (RFC 9110, 9.3.1): Node drops it. */
function hasBody({ method, headers }: Request): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isXml({ headers }: Request): boolean {
  return isUtf8Media(headers['content-type'], /^(application|text)\/xml$/);
}

function refuseOtherMedia({ headers }: Request): void {
  if (isUtf8Media(headers['content-type'], jsonMedia)) return;
  throw new ProblemError(
    'unsupported_media_type',
    'Send the body as application/json or application/xml in UTF-8.',
  );
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
