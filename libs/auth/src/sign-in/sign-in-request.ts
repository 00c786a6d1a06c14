import * as oidc from 'openid-client';
import { isOfClass } from '../session/authentication-class.js';
import type { SessionOptions } from '../session/session.options.js';
import { SignInRefusedError } from './provider-failure.js';

/** What a route or a page may ask of a sign-in (OpenID Connect Core, section 3.1.2.1). */
export interface SignInWishes {
  /** `none`: without a word to the user, or not at all. */
  readonly prompt?: 'none' | 'login' | 'select_account' | undefined;
  /** Authentication context classes of which one will do. */
  readonly acrValues?: readonly string[] | undefined;
  /** No longer ago may the user have shown who he is. */
  readonly maxAgeSeconds?: number | undefined;
}

interface Kept {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly returnUrl: string;
  readonly wishes: SignInWishes;
  readonly startedAtMs: number;
  /** The key of the session that the browser has meanwhile. */
  readonly replaces?: string | undefined;
}

/** One attempt to sign in: what was asked for, and what its answer has to fit. Kept by the browser, sealed. */
export class SignInRequest {
  private constructor(private readonly kept: Kept) {}

  static create(returnUrl: string, wishes: SignInWishes, replaces?: string): SignInRequest {
    return new SignInRequest({
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      returnUrl,
      wishes,
      startedAtMs: Date.now(),
      replaces,
    });
  }

  /** Of what `toText` gave, sealed in between: it is not checked again. */
  static fromText(text: string): SignInRequest {
    return new SignInRequest(JSON.parse(text) as Kept);
  }

  toText(): string {
    return JSON.stringify(this.kept);
  }

  get state(): string {
    return this.kept.state;
  }

  get nonce(): string {
    return this.kept.nonce;
  }

  get verifier(): string {
    return this.kept.verifier;
  }

  get returnUrl(): string {
    return this.kept.returnUrl;
  }

  get startedAtMs(): number {
    return this.kept.startedAtMs;
  }

  /** Of a session that is over when this sign-in has come to one. */
  get replaces(): string | undefined {
    return this.kept.replaces;
  }

  get maxAgeSeconds(): number | undefined {
    return this.kept.wishes.maxAgeSeconds;
  }

  /** True: the user was not to be asked anything. */
  get isSilent(): boolean {
    return this.kept.wishes.prompt === 'none';
  }

  replacing(key: string): SignInRequest {
    return new SignInRequest({ ...this.kept, replaces: key });
  }

  /** Of the authorization request, but for those that are always the same. */
  async parameters(): Promise<Record<string, string>> {
    const { prompt, acrValues, maxAgeSeconds } = this.kept.wishes;
    return {
      state: this.state,
      nonce: this.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(this.verifier),
      code_challenge_method: 'S256',
      ...(prompt === undefined ? {} : { prompt }),
      ...(acrValues === undefined ? {} : { acr_values: acrValues.join(' ') }),
      ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
    };
  }

  /** `acr_values` is a voluntary wish to the provider; to us it is not. Throws SignInRefusedError. */
  checkAuthentication(
    { acr }: { readonly acr?: string | undefined },
    { acrOrder }: Pick<SessionOptions, 'acrOrder'>,
  ): void {
    const { acrValues } = this.kept.wishes;
    if (acrValues !== undefined && !isOfClass(acr, acrValues, acrOrder))
      throw new SignInRefusedError('unmet_authentication_requirements');
  }
}
