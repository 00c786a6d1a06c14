import type { Response } from 'express';

/** Headers that belong to the answer rather than to the request that got it; never `Set-Cookie`. */
export const keptHeaders = [
  'content-type',
  'location',
  'etag',
  'cache-control',
  'vary',
  'x-incomplete',
  'link',
  'content-language',
] as const;

/** An answer as it was given first, to be given again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In base64. */
  readonly body: string;
}

/** What a handler's place in the pipeline returns when the answer is one from before. */
export class ReplayedAnswer {
  constructor(private readonly answer: KeptAnswer) {}

  send(response: Response): void {
    const { status, headers } = this.answer;
    const body = Buffer.from(this.answer.body, 'base64');
    response.statusCode = status;
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader('Idempotency-Replayed', 'true');
    response.setHeader('Content-Length', body.length);
    response.end(body);
  }
}
