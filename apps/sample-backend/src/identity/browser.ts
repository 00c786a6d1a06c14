import { CookieJar } from './cookie-jar.js';

const redirectLimit = 10;

/** Where a walk along redirects ended. */
export interface Page {
  /** At the address to stop at, which was not fetched. */
  arrived: boolean;
  url: URL;
  status: number;
  html: string;
}

/** As much of a browser as a sign-in needs: redirects and cookies. */
export class Browser {
  readonly #jar = new CookieJar();

  constructor(private readonly stopAt: string) {}

  /** Follows redirects up to the first page, or up to `stopAt`, an address without query. */
  async follow(start: URL, init: RequestInit = {}): Promise<Page> {
    let url = start;
    let request = init;
    for (let hops = 0; hops < redirectLimit; hops++) {
      const answer = await fetch(url, {
        ...request,
        redirect: 'manual',
        headers: { cookie: this.#jar.header(url) },
      });
      this.#jar.take(url, answer.headers);
      const html = await answer.text();
      const location = answer.headers.get('location');
      if (!location) return { arrived: false, url, status: answer.status, html };
      url = new URL(location, url);
      request = {};
      if (`${url.origin}${url.pathname}` === this.stopAt) {
        return { arrived: true, url, status: answer.status, html };
      }
    }
    throw new Error(`more than ${redirectLimit} redirects from ${start.origin}`);
  }
}
