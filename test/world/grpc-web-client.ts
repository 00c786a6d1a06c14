import type { GrpcMethod } from '@bff/upstream';

export interface GrpcWebAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly messages: readonly object[];
  /** Of the last frame, by name. */
  readonly trailers: Readonly<Record<string, string>>;
  readonly text: string;
}

interface Asked {
  readonly headers?: Readonly<Record<string, string>>;
  /** In base64. */
  readonly isText?: boolean;
  /** In place of the frame of `request`. */
  readonly body?: Buffer;
  readonly signal?: AbortSignal;
}

/** What a library for gRPC-Web sends: one message in one frame. */
export function askGrpcWeb(
  url: string,
  method: GrpcMethod,
  request: object,
  { headers = {}, isText = false, body = toFrame(method.requestSerialize(request)), signal }: Asked = {},
): Promise<Response> {
  return fetch(url + method.path, {
    method: 'POST',
    headers: { 'content-type': `application/grpc-web${isText ? '-text' : ''}+proto`, ...headers },
    body: isText ? body.toString('base64') : new Uint8Array(body),
    ...(signal && { signal }),
  });
}

/** A whole answer. */
export async function callGrpcWeb(
  url: string,
  method: GrpcMethod,
  request: object,
  asked: Asked = {},
): Promise<GrpcWebAnswer> {
  const answer = await askGrpcWeb(url, method, request, asked);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const { status, headers } = answer;
  const text = bytes.toString();
  if (!headers.get('content-type')?.startsWith('application/grpc-web'))
    return { status, headers, messages: [], trailers: {}, text };
  return { status, headers, text, ...readFrames(method, asked.isText ? fromBase64(text) : bytes) };
}

/** The frames that there are so far. */
export function readFrames(method: GrpcMethod, bytes: Buffer): Pick<GrpcWebAnswer, 'messages' | 'trailers'> {
  const messages: object[] = [];
  let trailers: Record<string, string> = {};
  for (let at = 0; at + 5 <= bytes.length;) {
    const content = bytes.subarray(at + 5, at + 5 + bytes.readUInt32BE(at + 1));
    if (bytes[at] === 0) messages.push(method.responseDeserialize(content));
    else
      trailers = Object.fromEntries(
        [...content.toString().matchAll(/^([a-z-]+):(.*)\r$/gm)].map(([, name, value]) => [name, value]),
      );
    at += 5 + content.length;
  }
  return { messages, trailers };
}

export function toFrame(message: Buffer, flags = 0): Buffer {
  const head = Buffer.from([flags, 0, 0, 0, 0]);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** Pieces that were encoded one by one, each with padding of its own. */
function fromBase64(text: string): Buffer {
  return Buffer.concat(text.match(/[^=]+=*/g)?.map((piece) => Buffer.from(piece, 'base64')) ?? []);
}
