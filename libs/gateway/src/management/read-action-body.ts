import type { IncomingMessage } from 'node:http';
import { ProblemError } from '@bff/problem';
import { readJson } from '../pipeline/read-json.js';

const maxBytes = 65_536;
const limits = { jsonDepth: 8, jsonValues: 1_000 };

/** The JSON that an action is told. Nothing else is taken: a page of another site could send it without asking first. */
export async function readActionBody(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw new ProblemError('unsupported_media_type', 'Send it as Content-Type: application/json.');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes)
      throw new ProblemError('payload_too_large', `This takes ${maxBytes} bytes at most.`);
    chunks.push(chunk);
  }
  return readJson(Buffer.concat(chunks), limits);
}
