import { UpstreamError } from '@bff/problem';
import {
  EntityTags,
  type RouteTransform,
  toValueRule,
  transformJson,
  type ValueRule,
  type XmlAnswers,
} from '@bff/proxy';
import { jsonMedia } from '../../pipeline/media-type.js';
import { toJsonText } from './xml-answer.js';

const xmlMedia = /^(application|text)\/([\w.+-]+\+)?xml$/;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** What becomes of the whole answers of one route, got ready once. */
export class AnswerTransform {
  readonly tags: EntityTags;
  /** What the service is to send; undefined: what the caller takes. */
  readonly accept: string | undefined;
  readonly media: RegExp;
  private readonly xml: XmlAnswers | undefined;
  private readonly rule: ValueRule | undefined;
  private readonly wrap: string | undefined;

  constructor(transform: RouteTransform) {
    this.tags = new EntityTags(transform);
    this.rule = toValueRule(transform.response);
    this.wrap = transform.response.wrap;
    this.xml = transform.response.xml;
    this.accept = this.xml && 'application/xml, text/xml;q=0.9';
    this.media = this.xml === undefined ? jsonMedia : xmlMedia;
  }

  /** Of JSON, or the XML of its service, in UTF-8. Throws UpstreamError for what is none, or is nested too deeply. */
  of(upstream: string, bytes: Uint8Array): Buffer {
    try {
      const text = decoder.decode(bytes);
      const json = this.xml === undefined ? text : toJsonText(text, this.xml);
      return Buffer.from(transformJson(json, this.rule, this.wrap));
    } catch (cause) {
      throw new UpstreamError(upstream, 'bad_response', (cause as Error).message, { cause });
    }
  }
}
