import { UpstreamError } from '@bff/problem';
import { EntityTags, type RouteTransform, toValueRule, transformJson, type ValueRule } from '@bff/proxy';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** What becomes of the whole answers of one route, got ready once. */
export class AnswerTransform {
  readonly tags: EntityTags;
  private readonly rule: ValueRule | undefined;
  private readonly wrap: string | undefined;

  constructor(transform: RouteTransform) {
    this.tags = new EntityTags(transform);
    this.rule = toValueRule(transform.response);
    this.wrap = transform.response.wrap;
  }

  /** Of JSON in UTF-8. Throws UpstreamError for what is none, or is nested too deeply. */
  ofJson(upstream: string, bytes: Uint8Array): Buffer {
    try {
      return Buffer.from(transformJson(decoder.decode(bytes), this.rule, this.wrap));
    } catch (cause) {
      throw new UpstreamError(upstream, 'bad_response', (cause as Error).message, { cause });
    }
  }
}
