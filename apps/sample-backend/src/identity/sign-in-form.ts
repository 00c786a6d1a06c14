import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Provider } from 'oidc-provider';

import { authenticate } from '../data/users.js';
import { readBody } from '../read-body.js';
import { errors } from './oidc-provider.js';
import { messagePage, signInPage } from './pages.js';

/** Shows the sign-in form of an interaction on GET, takes it back on POST. */
export async function answerSignIn(
  req: IncomingMessage,
  res: ServerResponse,
  provider: Provider,
): Promise<void> {
  const { params, uid } = await provider.interactionDetails(req, res);
  const client = await provider.Client.find(String(params.client_id));
  const form = { action: `/interaction/${uid}`, clientName: client?.clientName ?? String(params.client_id) };
  if (req.method !== 'POST') {
    const login = typeof params.login_hint === 'string' ? params.login_hint : '';
    return answerHtml(res, 200, signInPage({ ...form, login }));
  }

  const fields = new URLSearchParams(await readBody(req));
  const login = fields.get('login') ?? '';
  const user = authenticate(login, fields.get('password') ?? '');
  if (!user) {
    return answerHtml(res, 422, signInPage({ ...form, login, error: 'Login or password is wrong.' }));
  }
  await provider.interactionFinished(req, res, { login: { accountId: user.id } });
}

/** True when the error was the caller's and is answered. */
export function answerLostSignIn(res: ServerResponse, error: unknown): boolean {
  if (!(error instanceof errors.SessionNotFound)) return false;
  answerHtml(
    res,
    400,
    messagePage('This sign-in has expired', 'Go back to the application and sign in again.'),
  );
  return true;
}

function answerHtml(res: ServerResponse, status: number, html: string): void {
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  res.end(html);
}
