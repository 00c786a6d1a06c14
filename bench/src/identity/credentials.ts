import { Issuer, ProviderFake } from '@bff/testing';
import type { DriverCaller } from '../driver/load.js';
import { openSessions } from './open-sessions.js';

/** How a contender knows its callers: not at all, by a token, or by a cookie that it has set itself. */
export type CredentialKind = 'none' | 'token' | 'session';

/** What a gateway needs in production, where no secret has a default. */
export const productionSecrets = {
  SESSION_SECRET: 'a-secret-of-this-benchmark-and-of-nothing-else',
  OIDC_CLIENT_SECRET: 'not used where tokens say who calls',
};

/** Longer than any benchmark. */
const lifeSeconds = 86_400;

/** Who gives callers what they show to a contender. */
export class Credentials implements AsyncDisposable {
  private constructor(
    private readonly issuer: Issuer,
    private readonly provider: ProviderFake,
    private readonly opened: AsyncDisposableStack,
  ) {}

  static async open(): Promise<Credentials> {
    await using opened = new AsyncDisposableStack();
    const issuer = opened.use(await Issuer.start());
    const provider = opened.use(await ProviderFake.start());
    provider.accessTokenSeconds = lifeSeconds;
    return new Credentials(issuer, provider, opened.move());
  }

  /** What a contender that takes them is set to. */
  environmentFor(kind: CredentialKind): Record<string, string> {
    const { url, client } = this.provider;
    const provider: Record<string, string> =
      kind === 'session'
        ? { OIDC_ISSUER: url, OIDC_CLIENT_ID: client.id, OIDC_CLIENT_SECRET: client.secret }
        : { OIDC_ISSUER: this.issuer.url, JWT_AUDIENCE: this.issuer.audience };
    return { ...productionSecrets, ...provider };
  }

  /** `count` callers of the gateway at `url`, each with the headers that let it in. */
  async callers(kind: CredentialKind, url: string, count: number): Promise<DriverCaller[]> {
    const ids = Array.from({ length: count }, (_, index) => String(index + 1));
    switch (kind) {
      case 'none':
        return ids.map((id) => ({ id, headers: {} }));
      case 'token':
        return await Promise.all(ids.map(async (id) => ({ id, headers: await this.bearer(id) })));
      case 'session': {
        const cookies = await openSessions(url, this.provider, ids);
        return ids.map((id, index) => ({ id, headers: { cookie: cookies[index] ?? '', 'x-csrf': '1' } }));
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.opened.disposeAsync();
  }

  private async bearer(subject: string): Promise<Record<string, string>> {
    const token = await this.issuer.mint({ subject, expiresInSeconds: lifeSeconds });
    return { authorization: `Bearer ${token}` };
  }
}
