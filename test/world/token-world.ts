import type { Answer } from '@bff/testing';
import { type Bff, startWebBff } from './bff.js';
import { countCalls } from './services.js';
import { createKey, type ForgeKey, TokenForge } from './token-forge.js';

type KeyName = 'ec' | 'ec384' | 'weak' | 'forRs512' | 'noAlg' | 'unpublished';

/** A gateway that gets tokens of every shape, and what they are made with. */
export class TokenWorld implements AsyncDisposable {
  readonly forge: TokenForge;
  readonly keys: Readonly<Record<KeyName, ForgeKey>>;

  private constructor(readonly bff: Bff) {
    const forge = new TokenForge(bff.issuer);
    this.forge = forge;
    this.keys = {
      ec: forge.publish('ec', 'P-256', { alg: 'ES256' }),
      ec384: forge.publish('ec-384', 'P-384'),
      weak: forge.publish('weak', 1024),
      forRs512: forge.publish('for-rs512', 2048, { alg: 'RS512' }),
      noAlg: forge.publish('no-alg', 2048),
      unpublished: createKey('unpublished', 2048),
    };
  }

  static async start(): Promise<TokenWorld> {
    return new TokenWorld(await startWebBff());
  }

  dashboard(headers: Readonly<Record<string, string>>): Promise<Answer> {
    return this.bff.anonymous.get('/api/dashboard', { headers });
  }

  get upstreamCalls(): number {
    return countCalls(this.bff);
  }

  /** Twice, so that nothing remembered makes a refusal a success. */
  async expectRefused(
    token: string,
    headers: Readonly<Record<string, string>> = bearer(token),
  ): Promise<void> {
    const callsBefore = this.upstreamCalls;
    expectChallenge(await this.dashboard(headers), token);
    expectChallenge(await this.dashboard(headers), token);
    expect(this.upstreamCalls).toBe(callsBefore);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bff[Symbol.asyncDispose]();
  }
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** A 401 problem with a challenge, and with nothing of the token in it. */
export function expectChallenge(
  answer: Pick<Answer, 'status' | 'headers' | 'text' | 'body'>,
  token: string,
): void {
  expect(answer.status).toBe(401);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="bff"/);
  expect(answer.body).toMatchObject({ type: 'urn:bff:unauthenticated', status: 401 });
  const told = answer.text + JSON.stringify(answer.headers);
  for (const part of token.split('.')) if (part.length > 8) expect(told).not.toContain(part);
}

/** Arrays in arrays. */
export const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
