import type { Request, Response } from 'express';
import type { RouteTransform } from '@bff/proxy';
import { AnswerTransform } from './answer-transform.js';
import { BodyTransform } from './body-transform.js';

const xmlTypes: readonly string[] = ['application/xml', 'text/xml'];
/** JSON first: it is what those get who take anything. */
const offered = ['application/json', ...xmlTypes];

/** What becomes of the bodies of one route, both ways. */
export class RouteTransforms {
  readonly body: BodyTransform;
  private readonly json: AnswerTransform | undefined;
  private readonly xml: ReadonlyMap<string, AnswerTransform>;

  constructor(transform: RouteTransform, maxBodyBytes: number) {
    const { response, callers } = transform;
    this.body = new BodyTransform(transform, maxBodyBytes);
    this.json = response && new AnswerTransform(transform);
    const root = callers?.xml;
    const types = root === undefined ? [] : xmlTypes;
    this.xml = new Map(
      types.map((mediaType) => [mediaType, new AnswerTransform(transform, { mediaType, root: root! })]),
    );
  }

  /** By what the caller takes, which the answer then says. Undefined: it passes byte for byte. */
  answerFor(request: Request, response: Response): AnswerTransform | undefined {
    if (this.xml.size === 0) return this.json;
    response.vary('Accept');
    return this.xml.get(request.accepts(offered) || '') ?? this.json;
  }
}
