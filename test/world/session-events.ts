import type { Visitor } from './visitor.js';
import { cookieNames } from './visitor.js';

/** A tab that waits for the end of its session. */
export class SessionEvents implements AsyncDisposable {
  /** What has come so far. */
  text = '';
  isClosed = false;
  private readonly leaving = new AbortController();

  private constructor() {}

  /** Resolves once the gateway has begun to answer. Rejects when it does not let the visitor in. */
  static async open(gatewayUrl: string, { session = '' }: Visitor): Promise<SessionEvents> {
    const events = new SessionEvents();
    const answer = await fetch(`${gatewayUrl}/bff/session-events`, {
      headers: { cookie: `${cookieNames.session}=${session}`, 'x-csrf': '1' },
      signal: events.leaving.signal,
    });
    if (!answer.ok || answer.body === null) throw new Error(`no events: ${answer.status}`);
    void events.read(answer.body);
    return events;
  }

  /** Of each event, its name and its data. */
  get events(): [name: string, data: unknown][] {
    const blocks = this.text.matchAll(/^event: (.*)\ndata: (.*)$/gm);
    return [...blocks].map(([, name = '', data = 'null']) => [name, JSON.parse(data) as unknown]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.leaving.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) this.text += decoder.decode(chunk, { stream: true });
    } catch {
      // Left, or cut off.
    }
    this.isClosed = true;
  }
}
