import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createProblem, type ProblemCode } from '@bff/problem';
import { type JsonLogger, readRequestId } from '@bff/tracing';
import { hasTime } from './granted-time.js';
import { serverLimits } from './server-limits.js';

interface ParseError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

/** Node keeps the answer that is being written on the socket, as its own default handler relies on. */
type ServerSocket = Socket & { readonly _httpMessage?: ServerResponse | null };

/** Answers what Node's parser refused, or waited for too long, as a problem; no pipeline has seen the request. */
export function answerClientError(error: ParseError, socket: ServerSocket, logger: JsonLogger): void {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && hasTime(socket)) return;
  // Part of an answer may be out already: another one behind it would be read as its continuation.
  if (!socket.writable || socket._httpMessage?.headersSent) return void socket.destroy();
  const requestId = readRequestId(undefined);
  const problem = createProblem(codeOf(error), { requestId });
  logger.event('info', { requestId, status: problem.status, code: error.code }, 'refused by the parser');
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // What the client still sends is not read any more; without this it could keep the socket half open.
  setTimeout(() => socket.destroy(), 1_000).unref();
}

function codeOf({ code, rawPacket }: ParseError): ProblemCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout';
  if (code !== 'HPE_HEADER_OVERFLOW') return 'malformed_request';
  const lineEnd = rawPacket?.indexOf('\r\n') ?? 0;
  const isUrl = rawPacket !== undefined && (lineEnd < 0 || lineEnd > serverLimits.urlLength);
  return isUrl ? 'uri_too_long' : 'headers_too_large';
}
