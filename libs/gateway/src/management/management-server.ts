import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ProblemError, writeProblem } from '@bff/problem';

/** What an operator can look at. `status` 503 turns a probe red. */
export interface Page {
  readonly status?: 200 | 503;
  /** Shown as JSON; text where `contentType` says what it is. */
  readonly body: unknown;
  readonly contentType?: string;
  /** Beside those that every page has. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Pages = Readonly<Record<string, () => Page | Promise<Page>>>;

/** The pages of the management port: for operators and probes, never published. */
export function createManagementServer(pages: Pages): Server {
  return createServer(
    { requestTimeout: 5_000 },
    (request, response) => void answer(pages, request, response),
  );
}

async function answer(pages: Pages, request: IncomingMessage, response: ServerResponse): Promise<void> {
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
  const { status = 200, body, contentType, headers } = await page();
  const type = contentType ?? 'application/json';
  response.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  const text = contentType === undefined ? JSON.stringify(body) : String(body);
  response.end(request.method === 'HEAD' ? undefined : text);
}
