import { isSentTo, readCookie, type Cookie } from './cookie.js';

/** The cookies of one browser. Like a browser it shares those of a host among its ports. */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();

  /** Keeps what an answer of `url` sets, and forgets what it deletes. */
  take(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const cookie = readCookie(line, url);
      if (!cookie) continue;
      const key = [cookie.domain, cookie.path, cookie.name].join(' ');
      if (cookie.expiresAtMs <= Date.now()) this.#cookies.delete(key);
      else this.#cookies.set(key, cookie);
    }
  }

  /** The value of the Cookie header for a request to `url`; with `setBy` only what that origin has set. */
  header(url: URL, { setBy }: { setBy?: string } = {}): string {
    return [...this.#cookies.values()]
      .filter((cookie) => isSentTo(url, cookie) && (setBy === undefined || cookie.setBy === setBy))
      .toSorted((one, other) => other.path.length - one.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }
}
