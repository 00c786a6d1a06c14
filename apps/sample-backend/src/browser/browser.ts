import { CookieJar } from './cookie-jar.js';
import { readForm, sendsItself } from './form.js';

const stepLimit = 12;

/** Where a walk along redirects ended. */
export interface Page {
  /** At the address to stop at, which was not fetched. */
  arrived: boolean;
  url: URL;
  status: number;
  html: string;
}

interface BrowserOptions {
  /** An address without query that is walked to, but not fetched. */
  stopAt?: string;
}

/** As much of a browser as a sign-in needs: cookies, redirects, forms, and the one script that sends a form at once. */
export class Browser {
  readonly cookies = new CookieJar();
  readonly #stopAt: string | undefined;

  constructor({ stopAt }: BrowserOptions = {}) {
    this.#stopAt = stopAt;
  }

  /** Walks on to the first page that waits for its reader. Rejects when a host does not answer, or sends in circles. */
  async open(start: URL | string, init: RequestInit = {}): Promise<Page> {
    let url = new URL(start);
    let request = init;
    for (let steps = 0; steps < stepLimit; steps++) {
      if (`${url.origin}${url.pathname}` === this.#stopAt) return { arrived: true, url, status: 0, html: '' };
      const answer = await this.#fetch(url, request);
      const location = answer.headers.get('location');
      const page = { arrived: false, url, status: answer.status, html: await answer.text() };
      if (location === null && !sendsItself(page.html)) return page;
      const next = location === null ? toRequest(page, {}) : { url: new URL(location, url), init: {} };
      url = next.url;
      request = next.init;
    }
    throw new Error(`more than ${stepLimit} redirects from ${new URL(start).origin}`);
  }

  /** Sends the form of a page, with these fields filled in, and walks on. */
  submit(page: Page, fields: Record<string, string>): Promise<Page> {
    const { url, init } = toRequest(page, fields);
    return this.open(url, init);
  }

  /** One request with the cookies of this browser; takes what the answer sets, and follows nothing. */
  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const cookie = this.cookies.header(url);
    if (cookie !== '') headers.set('cookie', cookie);
    const answer = await fetch(url, { ...init, redirect: 'manual', headers }).catch((cause: unknown) => {
      throw new Error(`${url.origin} does not answer`, { cause });
    });
    this.cookies.take(url, answer.headers);
    return answer;
  }
}

function toRequest({ html, url }: Page, fields: Record<string, string>): { url: URL; init: RequestInit } {
  const form = readForm(html);
  if (!form) throw new Error(`there is no form at ${url.origin}${url.pathname}`);
  const body = new URLSearchParams({ ...form.fields, ...fields });
  return { url: new URL(form.action, url), init: { method: 'POST', body } };
}
