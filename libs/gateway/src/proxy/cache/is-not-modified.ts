import type { Request } from 'express';
import { hasAlready } from '@bff/views';
import type { AnswerHead } from './to-keeping.js';

/** Whether a caller has this answer already (RFC 9110, section 13.2.2); a date counts only where no tag is asked by. */
export function isNotModified(request: Request, { status, headers }: AnswerHead): boolean {
  if (status !== 200) return false;
  const { etag, 'last-modified': modified } = headers;
  if (request.headers['if-none-match'] !== undefined) return hasAlready(request, etag ?? '""');
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return modified !== undefined && Date.parse(modified) <= since;
}
