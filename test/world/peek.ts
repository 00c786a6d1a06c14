import type { Answer } from '@bff/testing';

/** An answer that may not end by itself: of a stream of events only the first piece. */
export async function peek(url: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
  const leave = new AbortController();
  const answer = await fetch(url, { headers, redirect: 'manual', signal: leave.signal });
  const told = { status: answer.status, headers: Object.fromEntries(answer.headers) };
  if (!isEvents(answer)) return { ...told, ...readText(await answer.text()) };
  const { value } = (await answer.body?.getReader().read()) ?? {};
  leave.abort();
  return { ...told, text: new TextDecoder().decode(value), body: undefined };
}

function isEvents({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true;
}

function readText(text: string): Pick<Answer, 'text' | 'body'> {
  return { text, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : undefined };
}
