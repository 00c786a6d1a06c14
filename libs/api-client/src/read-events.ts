import { readLines } from './read-lines.js';

/** One server-sent event, or how long to wait before coming again after a break. */
export interface Message {
  readonly event: string;
  readonly data: string;
  readonly retryMs: number | undefined;
}

/**
 * The messages of a `text/event-stream` (WHATWG HTML, section 9.2.6), and undefined for each comment, which says that
 * the connection is alive. One that is not whole at the end is dropped.
 */
export async function* readEvents(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Message | undefined, void> {
  let fields: [name: string, value: string][] = [];
  for await (const line of readLines(stream)) {
    if (line.startsWith(':')) yield undefined;
    else if (line !== '') fields.push(toField(line));
    else if (fields.length > 0) {
      yield toMessage(fields);
      fields = [];
    }
  }
}

function toField(line: string): [string, string] {
  const colon = line.indexOf(':');
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}

function toMessage(fields: readonly (readonly [string, string])[]): Message {
  const all = (name: string): string[] => fields.flatMap(([one, value]) => (one === name ? [value] : []));
  const retry = all('retry').at(-1) ?? '';
  return {
    event: all('event').at(-1) ?? 'message',
    data: all('data').join('\n'),
    retryMs: /^\d+$/.test(retry) ? Number(retry) : undefined,
  };
}
