import type { Request } from 'express';
import { ProblemError } from '@bff/problem';
import type { ProxyRoute } from '@bff/proxy';
import { grantTime } from '../server/granted-time.js';
import { paced } from './upload-pace.js';

/** How long a client may take to read an answer that came before it had sent everything. */
const leaveMs = 1_000;

/** What a body may be. */
export type BodyLimits = Pick<ProxyRoute, 'maxBodyBytes' | 'upload'>;

/**
 * The body of a request as it comes, read once at most; null: it has none. Throws `payload_too_large` at once where the
 * size is told, else when there is too much of it. The connection outlives it: there is an answer to be sent.
 */
export function bodyOf(
  request: Request,
  { maxBodyBytes, upload }: BodyLimits,
): AsyncIterable<Uint8Array> | null {
  if (!hasBody(request)) return null;
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const pieces = piecesOf(request);
  if (upload === undefined) return limited(pieces, maxBodyBytes);
  grantTime(request);
  waitForUpload(request, upload.timeoutMs);
  leaveWithAnswer(request);
  return limited(paced(pieces, upload), maxBodyBytes);
}

/** A body that is here already. */
export async function* wholeBody(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

export function hasBody({ headers }: Request): boolean {
  const { 'content-length': length, 'transfer-encoding': encoding } = headers;
  return encoding !== undefined || (length !== undefined && length !== '0');
}

function piecesOf(request: Request): AsyncGenerator<Buffer> {
  return request.iterator({ destroyOnReturn: false }) as AsyncGenerator<Buffer>;
}

async function* limited(pieces: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Uint8Array, void> {
  let bytes = 0;
  for await (const chunk of pieces) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

/** A service that reads nothing for a while keeps the caller silent. Afterwards a connection may be idle as before. */
function waitForUpload(request: Request, uploadMs: number): void {
  const { socket } = request;
  const before = socket.timeout ?? 0;
  socket.setTimeout(Math.max(before, uploadMs + leaveMs));
  request.once('end', () => socket.setTimeout(before));
}

/** What comes behind the answer nobody reads, and no limit of the server is for it any more. */
function leaveWithAnswer(request: Request): void {
  const { socket } = request;
  request.res?.once('close', () => {
    if (request.complete || socket.destroyed) return;
    socket.end();
    setTimeout(() => socket.destroy(), leaveMs).unref();
  });
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError('payload_too_large', `This takes ${maxBytes} bytes at most.`);
}
