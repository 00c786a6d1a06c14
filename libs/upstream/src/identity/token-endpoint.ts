import { UpstreamError } from '@bff/problem';
import { Agent, request } from 'undici';
import { z } from 'zod';
import { bearer, type IdentityHeaders } from './upstream-identity.js';

/** How this gateway is known to a provider. */
export interface TokenClient {
  /** The provider's token endpoint. */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** An access token that was issued for a service. Times are on the clock of `performance.now()`. */
export interface IssuedToken {
  readonly headers: IdentityHeaders;
  /** From here on a new one is fetched while this one is still used. */
  readonly refreshAtMs: number;
  /** From here on it is not used: it might expire on its way. */
  readonly uselessAtMs: number;
}

export interface TokenEndpointOptions {
  readonly upstream: string;
  readonly client: TokenClient;
  /** Sockets at most. */
  readonly connections: number;
  /** What it means when the provider answers and issues nothing (400, 403). */
  readonly refusedAs: 'unreachable' | 'rejected';
}

const tokenTypes = ['access_token', 'jwt'].map((type) => `urn:ietf:params:oauth:token-type:${type}`);
const TokenAnswer = z.object({
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  token_type: z.string().regex(/^bearer$/i),
  issued_token_type: z.enum(tokenTypes).optional(),
  expires_in: z.number().positive().default(60),
});

/** The part of a token's life after which the next one is fetched, and that after which it is not used any more. */
const refreshShare = 0.8;
const usefulShare = 0.9;
/** However long a token lives, it may be used until so short before its end. */
const travelMs = 5_000;
const fetchTimeoutMs = 3_000;
const maxAnswerBytes = 64 * 1024;

/** A provider's token endpoint (RFC 6749, section 3.2), asked by this gateway in its own name. */
export class TokenEndpoint {
  private readonly agent: Agent;

  constructor(private readonly options: TokenEndpointOptions) {
    const { connections } = options;
    this.agent = new Agent({ connections, maxResponseSize: maxAnswerBytes });
  }

  /** Rejects with UpstreamError. No error contains anything that was sent or issued. */
  async fetch(form: Readonly<Record<string, string | undefined>>): Promise<IssuedToken> {
    const startedMs = performance.now();
    try {
      const { statusCode, body } = await this.post(form);
      const text = await body.text();
      if (statusCode !== 200) throw new TokenAnswerError(statusCode, errorCodeOf(text));
      return toToken(TokenAnswer.parse(readJson(text)), startedMs);
    } catch (cause) {
      throw this.toFailure(cause);
    }
  }

  close(): Promise<void> {
    return this.agent.destroy();
  }

  private post(form: Readonly<Record<string, string | undefined>>) {
    const { tokenUrl, clientId, clientSecret } = this.options.client;
    const basic = [clientId, clientSecret].map(encodeFormValue).join(':');
    const given = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return request(tokenUrl, {
      method: 'POST',
      dispatcher: this.agent,
      signal: AbortSignal.timeout(fetchTimeoutMs),
      headers: {
        authorization: `Basic ${Buffer.from(basic).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
      },
      body: new URLSearchParams(given).toString(),
    });
  }

  private toFailure(cause: unknown): UpstreamError {
    const { upstream, refusedAs } = this.options;
    const isRefusal = cause instanceof TokenAnswerError && [400, 403].includes(cause.status);
    const why = cause instanceof TokenAnswerError ? `: ${cause.message}` : '';
    const what = `no access token for it could be fetched${why}`;
    return isRefusal && refusedAs === 'rejected'
      ? new UpstreamError(upstream, 'rejected', what, { cause, rejection: 'gateway' })
      : new UpstreamError(upstream, 'unreachable', what, { cause });
  }
}

class TokenAnswerError extends Error {
  constructor(
    readonly status: number,
    code: string,
  ) {
    super(`the token endpoint answered ${status}${code}`);
  }
}

/** RFC 6749, section 5.2. A code only: whatever else an answer may say is not for the log. */
function errorCodeOf(text: string): string {
  const { 1: code } = /"error"\s*:\s*"([a-z_]{1,40})"/.exec(text) ?? [];
  return code === undefined ? '' : ` ${code}`;
}

/** The parser's own error would quote what it could not read. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the token endpoint answered with something else than JSON');
  }
}

function toToken({ access_token, expires_in }: z.output<typeof TokenAnswer>, startedMs: number): IssuedToken {
  const lifeMs = expires_in * 1_000;
  return {
    headers: bearer(access_token),
    refreshAtMs: startedMs + lifeMs * refreshShare,
    uselessAtMs: startedMs + Math.max(lifeMs * usefulShare, lifeMs - travelMs),
  };
}

/** RFC 6749, section 2.3.1: id and secret are form-encoded before they become Basic credentials. */
function encodeFormValue(text: string): string {
  return new URLSearchParams({ v: text }).toString().slice(2);
}
