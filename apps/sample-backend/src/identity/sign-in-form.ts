import type { IncomingMessage, ServerResponse } from 'node:http';

import type { InteractionResults, Provider } from 'oidc-provider';

import { authenticate, findUser } from '../data/users.js';
import { readBody } from '../read-body.js';
import { passwordAcr, sampleOneTimeCode, secondFactorAcr, wantedAcr } from './acr.js';
import { errors } from './oidc-provider.js';
import { messagePage, signInPage } from './pages.js';

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** Shows the sign-in form of an interaction on GET, takes it back on POST. */
export async function answerSignIn(
  req: IncomingMessage,
  res: ServerResponse,
  provider: Provider,
): Promise<void> {
  const interaction = await provider.interactionDetails(req, res);
  const { params, uid } = interaction;
  const client = await provider.Client.find(String(params['client_id']));
  const form = {
    action: `/interaction/${uid}`,
    clientName: client?.clientName ?? String(params['client_id']),
    secondFactor: wantedAcr(params['acr_values']) === secondFactorAcr,
  };
  if (req.method !== 'POST') {
    return answerHtml(res, 200, signInPage({ ...form, login: expectedLogin(interaction) }));
  }

  const fields = new URLSearchParams(await readBody(req));
  const login = readLogin(fields, form);
  if (login) return provider.interactionFinished(req, res, { login, select_account: {} });
  const error = `Login${form.secondFactor ? ', password or one-time code' : ' or password'} is wrong.`;
  answerHtml(res, 422, signInPage({ ...form, login: fields.get('login') ?? '', error }));
}

/** Whom the client expects, or who is signed in already and has to show more. */
function expectedLogin({ params, session, prompt }: Interaction): string {
  const hint = params['login_hint'];
  if (typeof hint === 'string') return hint;
  return prompt.name === 'select_account' ? '' : (findUser(session?.accountId ?? '')?.login ?? '');
}

function readLogin(
  fields: URLSearchParams,
  { secondFactor }: { secondFactor: boolean },
): InteractionResults['login'] {
  const user = authenticate(fields.get('login') ?? '', fields.get('password') ?? '');
  if (!user) return undefined;
  // Names of methods: RFC 8176.
  if (!secondFactor) return { accountId: user.id, acr: passwordAcr, amr: ['pwd'] };
  if (fields.get('otp') !== sampleOneTimeCode) return undefined;
  return { accountId: user.id, acr: secondFactorAcr, amr: ['pwd', 'otp', 'mfa'] };
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
