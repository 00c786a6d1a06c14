import { mediaTypes } from '@bff/views';
import type { DeclaredRoute } from '../management/route-table.js';
import type { PlainAnswer } from '../sign-in/answers-with.js';
import type { Components } from './components.js';
import type { Answer, MediaType } from './document.js';
import { headerRefs, headersOfAll, redirectHeaders } from './headers.js';

export const pageType = 'text/html';

/** The successes of a route that answers with no view: JSON, a page, events, a redirect, or nothing. */
export function plainAnswers(
  { method, status }: Pick<DeclaredRoute, 'method' | 'status'>,
  answer: PlainAnswer,
  components: Components,
): Record<string, Answer> {
  const success = plainAnswer(status, answer, components);
  const { headers, content = {} } = success;
  // It has no ETag, but there is one thing to ask without (RFC 9110, section 13.1.2).
  const isThere = { description: '`If-None-Match: *` asks for it only if there is none: there is.', headers };
  const isReadable = method === 'GET' && mediaTypes.json in content;
  return { [status]: success, ...(isReadable ? { 304: isThere } : {}) };
}

function plainAnswer(status: number, answer: PlainAnswer, components: Components): Answer {
  const headers = headerRefs(...headersOfAll, 'Cache-Control', 'Vary');
  if (status >= 300 && status < 400)
    return { description: 'The browser goes on.', headers: { ...headers, ...redirectHeaders } };
  if (answer.form === 'page')
    return { description: 'A page for people.', headers, content: { [pageType]: addPage(components) } };
  const media = addAnswer(answer, components);
  if (media === undefined) return { description: 'It is done.', headers };
  if (answer.form === 'events')
    return { description: eventsText, headers, content: { [mediaTypes.sse]: media } };
  return { description: `\`${answer.name}\`, whole.`, headers, content: { [mediaTypes.json]: media } };
}

const eventsText =
  'Server-sent events: `event` is in the event line, the rest of it as JSON in the data line. Comments between them ' +
  'say that the connection is alive; whoever is cut off may come again.';

/** What people get to see. */
export function addPage(components: Components): MediaType {
  const page = '<!doctype html><title>You are signed in</title>';
  const schema = components.addSchema('Page', {
    type: 'string',
    contentMediaType: pageType,
    description: 'HTML for people, complete without a script.',
    examples: [page],
  });
  return { schema, examples: { page: components.addExample('page', 'A page', page) } };
}

function addAnswer({ schema, name, operation }: PlainAnswer, components: Components): MediaType | undefined {
  if (schema === undefined || name === undefined) return undefined;
  const written = components.toSchema(schema, 'output');
  const example = components.addExample(name, `What \`${operation}\` answers`, components.exampleOf(written));
  return { schema: components.addSchema(name, written), examples: { answer: example } };
}
