import { UpstreamError } from '@bff/problem';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { UpstreamIdentity } from './upstream-identity.js';

export interface ClientCredentialsOptions {
  /** The provider's token endpoint. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope?: string | undefined;
}

const TokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().default(60),
});

interface Token {
  readonly headers: Readonly<Record<string, string>>;
  /** From here on a new one is fetched while this one is still used. */
  readonly refreshAtMs: number;
  readonly expiresAtMs: number;
}

/** The part of a token's life after which the next one is fetched. */
const refreshShare = 0.8;
const fetchTimeoutMs = 3_000;
/** After a failure the provider is left alone for this long. */
const coolDownMs = 500;
const maxAnswerBytes = 64 * 1024;

/**
 * The gateway's own access token for a service (RFC 6749, section 4.4): fetched once for all callers, used until it
 * expires, replaced before that. A provider that is down does not matter while the token holds.
 */
export class ClientCredentials implements UpstreamIdentity {
  private readonly agent = new Agent({ connections: 1, maxResponseSize: maxAnswerBytes });
  private token: Token | undefined;
  private fetching: Promise<Token> | undefined;
  private failed: { readonly error: unknown; readonly untilMs: number } | undefined;

  constructor(
    private readonly upstream: string,
    private readonly options: ClientCredentialsOptions,
  ) {}

  keyOf(): string {
    return '';
  }

  headersOf(): Token['headers'] | Promise<Token['headers']> {
    const nowMs = performance.now();
    const { token } = this;
    if (token === undefined || nowMs >= token.expiresAtMs)
      return this.refresh().then(({ headers }) => headers);
    if (nowMs >= token.refreshAtMs) void this.refresh().catch(() => undefined);
    return token.headers;
  }

  /** A token that the service refuses is not sent again. */
  onRefused(): void {
    this.token = undefined;
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private async refresh(): Promise<Token> {
    if (this.failed !== undefined && performance.now() < this.failed.untilMs) throw this.failed.error;
    this.fetching ??= this.fetch().finally(() => (this.fetching = undefined));
    return this.fetching;
  }

  private async fetch(): Promise<Token> {
    const { tokenUrl, clientId, clientSecret, scope } = this.options;
    const form = new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) });
    const basic = [clientId, clientSecret].map(encodeFormValue).join(':');
    const startedMs = performance.now();
    try {
      const answer = await request(tokenUrl, {
        method: 'POST',
        dispatcher: this.agent,
        signal: AbortSignal.timeout(fetchTimeoutMs),
        headers: {
          authorization: `Basic ${Buffer.from(basic).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: form.toString(),
      });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`the token endpoint answered ${answer.statusCode}`);
      this.token = toToken(TokenAnswer.parse(JSON.parse(text)), startedMs);
      return this.token;
    } catch (cause) {
      const what = 'no access token for it could be fetched';
      const error = new UpstreamError(this.upstream, 'unreachable', what, { cause });
      this.failed = { error, untilMs: performance.now() + coolDownMs };
      throw error;
    }
  }
}

function toToken({ access_token, expires_in }: z.output<typeof TokenAnswer>, startedMs: number): Token {
  const lifeMs = expires_in * 1_000;
  return {
    headers: { authorization: `Bearer ${access_token}` },
    refreshAtMs: startedMs + lifeMs * refreshShare,
    expiresAtMs: startedMs + lifeMs,
  };
}

/** RFC 6749, section 2.3.1: id and secret are form-encoded before they become Basic credentials. */
function encodeFormValue(text: string): string {
  return new URLSearchParams({ v: text }).toString().slice(2);
}
