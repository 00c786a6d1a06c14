import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { SectionReport } from './section-report.js';
import type { ViewAnswer } from './view.js';

export interface RenderOptions {
  /** When an answer carries `_meta`; one that is not complete always does. */
  readonly meta: 'always' | 'when-incomplete';
}

/** Turns a loaded view into the answer that its frontend gets: JSON, complete or honest about what is missing. */
export class ViewRenderer {
  constructor(private readonly options: RenderOptions) {}

  /** Ends the response: with the view, or with 304 when the caller has it already. */
  write({ values, reports }: ViewAnswer, request: Request, response: Response): void {
    const incomplete = Object.keys(reports).filter((name) => !isComplete(reports[name]));
    const complete = incomplete.length === 0;
    const withMeta = this.options.meta === 'always' || !complete;
    const body = JSON.stringify(withMeta ? { ...values, _meta: { complete, sections: reports } } : values);
    response.setHeader('Vary', withAccept(response.getHeader('Vary')));
    response.setHeader('Cache-Control', complete ? 'private, no-cache' : 'no-store');
    if (complete) response.setHeader('ETag', `W/"${hash('sha1', body, 'base64url')}"`);
    else response.setHeader('X-Incomplete', incomplete.join(', '));
    if (request.headers['if-none-match'] !== undefined && request.fresh) {
      response.statusCode = 304;
      response.end();
      return;
    }
    const bytes = Buffer.byteLength(body);
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Length', bytes);
    // Plain ASCII, which most answers are, is the same in both, and twice as fast to write without being encoded.
    response.end(body, bytes === body.length ? 'latin1' : 'utf8');
  }
}

/** A section that nobody wanted is not missing. */
function isComplete(report: SectionReport | undefined): boolean {
  return report?.status === 'ok' || report?.status === 'skipped';
}

function withAccept(vary: number | string | string[] | undefined): string {
  return vary === undefined ? 'Accept' : `${String(vary)}, Accept`;
}
