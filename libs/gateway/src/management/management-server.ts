import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ProblemError, writeProblem } from '@bff/problem';
import { readActionBody } from './read-action-body.js';

/** What an operator can look at. `status` 503 turns a probe red. */
export interface Page {
  readonly status?: 200 | 503;
  /** Shown as JSON; text where `contentType` says what it is. */
  readonly body: unknown;
  readonly contentType?: string;
  /** Beside those that every page has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What an operator can have done, with what the body of a POST says. Throws ProblemError. */
export type Action = (body: unknown) => Promise<Page>;
export type Actions = Readonly<Record<string, Action>>;

export type Pages = Readonly<Record<string, () => Page | Promise<Page>>>;

/** The pages of the management port: for operators and probes, never published. */
export function createManagementServer(pages: Pages, actions: Actions = {}): Server {
  return createServer(
    { requestTimeout: 5_000 },
    (request, response) => void answer({ pages, actions }, request, response),
  );
}

interface Served {
  readonly pages: Pages;
  readonly actions: Actions;
}

async function answer(
  { pages, actions }: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  const action = Object.hasOwn(actions, path) ? actions[path] : undefined;
  if (action !== undefined) return act(action, request, response);
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined) {
    const known = [...Object.keys(pages), ...Object.keys(actions)].join(', ');
    return writeProblem(request, response, new ProblemError('not_found', `There is: ${known}`));
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return writeProblem(
      request,
      response,
      new ProblemError('method_not_allowed', undefined, { headers: { Allow: 'GET, HEAD' } }),
    );
  }
  send(request, response, await page());
}

async function act(action: Action, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    if (request.method !== 'POST')
      throw new ProblemError('method_not_allowed', undefined, { headers: { Allow: 'POST' } });
    send(request, response, await action(await readActionBody(request)));
  } catch (error) {
    if (!request.complete) response.setHeader('Connection', 'close');
    writeProblem(
      request,
      response,
      error instanceof ProblemError ? error : new ProblemError('internal_error'),
    );
  }
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status = 200, body, contentType, headers }: Page,
): void {
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
