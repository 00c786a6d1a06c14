import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ProblemError, writeProblem } from '@bff/problem';

/** What an operator can look at. `status` 503 turns a probe red. */
export interface Page {
  readonly status?: 200 | 503;
  readonly body: unknown;
}

export type Pages = Readonly<Record<string, () => Page>>;

/** The pages of the management port: for operators and probes, never published. */
export function createManagementServer(pages: Pages): Server {
  return createServer({ requestTimeout: 5_000 }, (request, response) => answer(pages, request, response));
}

function answer(pages: Pages, request: IncomingMessage, response: ServerResponse): void {
  const page = pages[(request.url ?? '').split('?', 1)[0] ?? ''];
  if (page === undefined) {
    const known = Object.keys(pages).join(', ');
    return writeProblem(request, response, new ProblemError('not_found', `There is: ${known}`));
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return writeProblem(
      request,
      response,
      new ProblemError('method_not_allowed', undefined, { headers: { Allow: 'GET, HEAD' } }),
    );
  }
  const { status = 200, body } = page();
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : JSON.stringify(body));
}
