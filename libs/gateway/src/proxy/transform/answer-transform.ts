import { UpstreamError } from '@bff/problem';
import {
  EntityTags,
  type RouteTransform,
  toValueRule,
  transformJson,
  type ValueRule,
  type XmlReading,
  type XmlRoot,
} from '@bff/proxy';
import { jsonMedia } from '../../pipeline/media-type.js';
import { toXmlText } from './json-to-xml.js';
import { toJsonText } from './xml-to-json.js';

export const xmlMedia = /^(application|text)\/([\w.+-]+\+)?xml$/;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** What does not hold up other requests: the work is done in one piece. XML is by far the most of it. */
const defaultMaxBytes = { json: 1_048_576, xml: 131_072 };

/** The XML that callers get in place of JSON. */
interface Written {
  readonly mediaType: string;
  readonly root: XmlRoot;
}

/** What becomes of the whole answers of one route, got ready once. */
export class AnswerTransform {
  readonly tags: EntityTags;
  /** What the service is to send; undefined: what the caller takes. */
  readonly accept: string | undefined;
  readonly media: RegExp;
  /** What it becomes. Undefined: what the service says. */
  readonly contentType: string | undefined;
  /** A larger answer is refused. */
  readonly maxBytes: number;
  private readonly xml: XmlReading | undefined;
  private readonly rule: ValueRule | undefined;
  private readonly wrap: string | undefined;

  constructor(
    transform: RouteTransform,
    private readonly written?: Written,
  ) {
    const { response = { deny: [], rename: {} } } = transform;
    this.tags = new EntityTags(written === undefined ? transform : { ...transform, as: written.mediaType });
    this.maxBytes = transform.maxBytes ?? defaultMaxBytes[written === undefined ? 'json' : 'xml'];
    this.rule = toValueRule(response);
    this.wrap = response.wrap;
    this.xml = response.xml;
    this.media = this.xml === undefined ? jsonMedia : xmlMedia;
    this.accept = this.xml && 'application/xml, text/xml;q=0.9';
    if (written !== undefined) this.accept ??= 'application/json';
    this.contentType = written?.mediaType ?? (this.xml && 'application/json');
  }

  /** Of JSON, or the XML of its service, in UTF-8. Throws UpstreamError for what is none, or is nested too deeply. */
  of(upstream: string, bytes: Uint8Array): Buffer {
    try {
      const text = decoder.decode(bytes);
      const json = this.xml === undefined ? text : toJsonText(text, this.xml);
      const made = transformJson(json, this.rule, this.wrap);
      return Buffer.from(this.written === undefined ? made : toXmlText(made, this.written.root, 'entry'));
    } catch (cause) {
      throw new UpstreamError(upstream, 'bad_response', (cause as Error).message, { cause });
    }
  }
}
