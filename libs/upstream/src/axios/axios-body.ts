import { Readable } from 'node:stream';
import { AxiosError, type InternalAxiosRequestConfig } from 'axios';

/** The body after axios' own transforms. Throws AxiosError for streams and forms, which have to be read first. */
export function readAxiosBody(config: InternalAxiosRequestConfig): string | Buffer | undefined {
  const data: unknown = config.data;
  if (data === undefined || data === null) return undefined;
  if (typeof data === 'string' || Buffer.isBuffer(data)) return data;
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const message = 'a body has to be text, bytes or JSON; read streams and forms before sending them';
  throw new AxiosError(message, AxiosError.ERR_BAD_REQUEST, config);
}

/** What `responseType` asks for; JSON comes as text, which axios' own transform parses. A copy: others may share it. */
export function toAxiosData({ responseType }: InternalAxiosRequestConfig, body: Buffer): unknown {
  if (responseType === 'arraybuffer') return Buffer.from(body);
  return responseType === 'stream' ? Readable.from([Buffer.from(body)]) : body.toString('utf8');
}
