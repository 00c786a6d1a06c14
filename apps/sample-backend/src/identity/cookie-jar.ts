/** The cookies of one browser at one host: enough for a sign-in, deaf to domains and expiry other than deletion. */
export class CookieJar {
  readonly #cookies = new Map<string, { value: string; path: string }>();

  take(url: URL, headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', ...value] = pair.split('=');
      const path = attribute(attributes, 'path') ?? '/';
      const expires = attribute(attributes, 'expires');
      const key = `${url.hostname} ${path} ${name}`;
      if (expires && Date.parse(expires) <= Date.now()) this.#cookies.delete(key);
      else this.#cookies.set(key, { value: `${name}=${value.join('=')}`, path: `${url.hostname}${path}` });
    }
  }

  /** The value of the Cookie header for a request to `url`. */
  header(url: URL): string {
    return [...this.#cookies.values()]
      .filter(({ path }) => `${url.hostname}${url.pathname}`.startsWith(path))
      .map(({ value }) => value)
      .join('; ');
  }
}

function attribute(attributes: string[], name: string): string | undefined {
  return attributes.find((text) => text.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
}
