import type { Answer, CallOptions, HttpClient } from '@bff/testing';

interface VisitorCookies {
  readonly session: string;
  readonly signIns: string;
}

/** As web-bff names them. */
export const cookieNames: VisitorCookies = {
  session: '__Host-web-bff-session',
  signIns: '__Host-web-bff-sign-in-',
};

/** What a browser says when somebody has clicked a link. */
const navigation = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

/** A browser that keeps cookies, and goes no step by itself: what the gateway said is there to be looked at, and changed. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  /** Every `Set-Cookie` line so far. */
  readonly setCookies: string[] = [];

  constructor(private readonly client: HttpClient) {}

  /** A call of the page's own script, which sends the header against forgery. */
  call(method: string, path: string, { headers, ...options }: CallOptions = {}): Promise<Answer> {
    return this.send(method, path, { ...options, headers: { 'x-csrf': '1', ...headers } });
  }

  get(path: string, options?: CallOptions): Promise<Answer> {
    return this.call('GET', path, options);
  }

  post(path: string, body?: unknown, options?: CallOptions): Promise<Answer> {
    return this.call('POST', path, { ...options, body });
  }

  /** As a link does it. */
  open(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('GET', path, { headers: { ...navigation, ...headers } });
  }

  /** Exactly this, and the cookies. */
  async send(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(cookie === '' ? {} : { cookie }), ...options.headers };
    const answer = await this.client.call(method, path, { ...options, headers });
    this.take(answer);
    return answer;
  }

  /** To the provider: the address that the gateway sends the browser to. `query` as after the question mark. */
  async begin(query = ''): Promise<URL> {
    const answer = await this.open(`/bff/login?${query}`);
    if (answer.status !== 302) throw new Error(`no way to the provider: ${answer.status} ${answer.text}`);
    return new URL(String(answer.headers['location']));
  }

  /** Through the provider, back to the gateway's door: the path of the callback with its query. */
  async pass(authorization: URL): Promise<string> {
    const answer = await fetch(authorization, { redirect: 'manual' });
    const { pathname, search } = new URL(String(answer.headers.get('location')));
    return pathname + search;
  }

  /** The whole way but its last step. */
  async arrive(query = ''): Promise<string> {
    return this.pass(await this.begin(query));
  }

  /** The answer of the callback, whatever it is. */
  async signIn(query = ''): Promise<Answer> {
    return this.open(await this.arrive(query));
  }

  /** The value of the session's cookie; undefined: there is none. */
  get session(): string | undefined {
    return this.cookies.get(cookieNames.session);
  }

  /** Names of the cookies of sign-ins that have begun. */
  get signIns(): string[] {
    return [...this.cookies.keys()].filter((name) => name.startsWith(cookieNames.signIns));
  }

  private take({ headers }: Answer): void {
    for (const line of setCookiesOf({ headers })) {
      this.setCookies.push(line);
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/; Max-Age=0(;|$)/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

export function setCookiesOf({ headers }: Pick<Answer, 'headers'>): readonly string[] {
  const lines = headers['set-cookie'] ?? [];
  return typeof lines === 'string' ? [lines] : lines;
}
