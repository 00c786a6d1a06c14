import { createHash, randomBytes } from 'node:crypto';

import { z } from 'zod';

import { everyScope } from './scopes.js';
import { submitSignInForm, type Credentials } from './submit-sign-in-form.js';

export interface SignInOptions extends Credentials {
  issuer: string;
  /** Everything the provider offers when not given. */
  scope?: string | undefined;
  /** The API the access token is for; the provider's default when not given. */
  resource?: string | undefined;
  /** `mobile-app` when not given; any client with its own `redirectUri`. */
  clientId?: string | undefined;
  /** For a confidential client. */
  clientSecret?: string | undefined;
  redirectUri?: string | undefined;
  /** How strong the sign-in has to be, such as `urn:bff:acr:second-factor`. */
  acrValues?: string | undefined;
}

export interface SignedIn {
  accessToken: string;
  /** Absent without the scope `openid`. */
  idToken?: string | undefined;
  /** Absent without the scope `offline_access`. */
  refreshToken?: string | undefined;
  scope: string;
  expiresInSeconds: number;
}

const Discovery = z.object({ authorization_endpoint: z.url(), token_endpoint: z.url() });
const Tokens = z.object({
  access_token: z.string(),
  id_token: z.string().optional(),
  refresh_token: z.string().optional(),
  scope: z.string().default(''),
  expires_in: z.number(),
});

/** Signs a user in at a running identity: authorization code with PKCE (RFC 7636). Throws with the reason. */
export async function signIn(options: SignInOptions): Promise<SignedIn> {
  const { issuer, clientId = 'mobile-app', redirectUri = 'http://127.0.0.1/callback' } = options;
  const discovery = Discovery.parse(await fetchJson(`${issuer}/.well-known/openid-configuration`));
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');

  const request = new URL(discovery.authorization_endpoint);
  request.search = form({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: options.scope ?? everyScope,
    resource: options.resource,
    acr_values: options.acrValues,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();

  const callback = await submitSignInForm(request, options, redirectUri);
  const code = readCode(callback, state);
  const body = form({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: clientId,
    code_verifier: verifier,
  });
  return toSignedIn(await fetchJson(discovery.token_endpoint, { method: 'POST', body, ...basic(options) }));
}

function toSignedIn(answer: unknown): SignedIn {
  const tokens = Tokens.parse(answer);
  return {
    accessToken: tokens.access_token,
    idToken: tokens.id_token,
    refreshToken: tokens.refresh_token,
    scope: tokens.scope,
    expiresInSeconds: tokens.expires_in,
  };
}

function readCode({ searchParams }: URL, state: string): string {
  const code = searchParams.get('code');
  if (code && searchParams.get('state') === state) return code;
  const reason = `${searchParams.get('error') ?? ''} ${searchParams.get('error_description') ?? ''}`.trim();
  throw new Error(`the sign-in gave no code: ${reason || 'state does not match'}`);
}

function basic({ clientId = '', clientSecret }: SignInOptions): RequestInit {
  if (clientSecret === undefined) return {};
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return { headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}

function form(fields: Record<string, string | undefined>): URLSearchParams {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined);
  return new URLSearchParams(given);
}

async function fetchJson(url: string, init?: RequestInit): Promise<unknown> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
