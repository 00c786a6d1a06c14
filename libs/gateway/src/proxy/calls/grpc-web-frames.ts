import { ProblemError } from '@bff/problem';

/** A frame is a byte of flags, four of length, and what it is about (gRPC over HTTP/2, Length-Prefixed-Message). */
const headBytes = 5;
const compressed = 0x01;
const trailers = 0x80;

/**
 * The one message of a request. Throws ProblemError: `malformed_request` unless the body is exactly one whole frame of
 * data, `unsupported_media_type` when it is compressed.
 */
export function readOneMessage(body: Buffer): Buffer {
  const isWhole = body.length >= headBytes && body.length === headBytes + body.readUInt32BE(1);
  const [flags = 0] = body;
  if (!isWhole || (flags & ~compressed) !== 0)
    throw new ProblemError('malformed_request', 'The body has to be one frame with one message.');
  if (flags === compressed)
    throw new ProblemError('unsupported_media_type', 'Send the message as it is, not compressed.');
  return body.subarray(headBytes);
}

export function toDataFrame(message: Buffer): Buffer {
  return toFrame(0, message);
}

/** The last frame of an answer: how the call ended. `details` may be any text. */
export function toTrailersFrame(code: number, details: string): Buffer {
  const told = details === '' ? '' : `grpc-message:${encode(details)}\r\n`;
  return toFrame(trailers, Buffer.from(`grpc-status:${code}\r\n${told}`));
}

function toFrame(flags: number, content: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(headBytes + content.length);
  frame.writeUInt8(flags, 0);
  frame.writeUInt32BE(content.length, 1);
  content.copy(frame, headBytes);
  return frame;
}

/** Percent-encoded where it is not printable ASCII (gRPC over HTTP/2, Status-Message). */
function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
