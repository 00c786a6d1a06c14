import type { Request } from 'express';
import { ProblemError } from '@bff/problem';
import type { RouteTransform } from '@bff/proxy';
import { XmlError } from '@bff/xml';
import { isUtf8Media, jsonMedia } from '../../pipeline/media-type.js';
import { readJson } from '../../pipeline/read-json.js';
import { serverLimits } from '../../server/server-limits.js';
import { readBytesOf } from '../calls/read-json-of.js';
import { xmlMedia } from './answer-transform.js';
import { toXmlText, XmlNameError } from './json-to-xml.js';
import { toJsonText } from './xml-to-json.js';

/** A body in place of another one. */
interface Body {
  readonly bytes: Buffer;
  readonly contentType: string;
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const xmlLimits = { maxDepth: serverLimits.jsonDepth, maxElements: serverLimits.jsonValues };

/** What becomes of the whole bodies of requests of one route. */
export class BodyTransform {
  constructor(
    private readonly transform: RouteTransform,
    private readonly maxBytes: number,
  ) {}

  /**
   * Undefined: it passes as it comes. Throws `unsupported_media_type`, and what is wrong with it; never more than 1 MiB
   * is read.
   */
  async of(request: Request): Promise<Body | undefined> {
    const { request: toService, callers } = this.transform;
    const isXml = callers !== undefined && isUtf8Media(request.headers['content-type'], xmlMedia);
    if (!isXml && toService === undefined) return undefined;
    const isRead = isXml || isUtf8Media(request.headers['content-type'], jsonMedia);
    const read = await readBytesOf(request, this.maxBytes, isRead, this.taken);
    if (read === undefined) return undefined;
    const json = isXml ? fromXml(read, callers.xml) : fromJson(read);
    return toService === undefined
      ? { bytes: Buffer.from(json), contentType: 'application/json' }
      : { bytes: toXml(json, toService.xml), contentType: 'application/xml; charset=utf-8' };
  }

  private get taken(): string {
    return this.transform.callers === undefined ? 'application/json' : 'application/json or application/xml';
  }
}

function fromJson(bytes: Buffer): string {
  readJson(bytes, serverLimits);
  return bytes.toString();
}

function fromXml(bytes: Buffer, reading: Parameters<typeof toJsonText>[1]): string {
  try {
    return toJsonText(decoder.decode(bytes), reading, xmlLimits);
  } catch (error) {
    const what = error instanceof XmlError ? error.message : 'not valid UTF-8';
    throw new ProblemError('malformed_request', `The body is ${what}.`);
  }
}

function toXml(json: string, root: Parameters<typeof toXmlText>[1]): Buffer {
  try {
    return Buffer.from(toXmlText(json, root, 'refuse'));
  } catch (error) {
    if (!(error instanceof XmlNameError))
      throw new ProblemError('malformed_request', 'The body is nested too deeply.');
    const errors = [{ path: error.path.join('.'), message: error.message }];
    throw new ProblemError('invalid_request', undefined, { errors });
  }
}
