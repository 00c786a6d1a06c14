import { wantedAcr, isAtLeast } from './acr.js';
import { interactionPolicy } from './oidc-provider.js';

/**
 * When somebody is asked to sign in: as OpenID Connect says, where a session is weaker than `acr_values` ask for, and
 * where a client lets its user choose an account: there is a form for one, not a list of several.
 * Our clients are our own: nobody is asked for consent. `prompt=consent` stays a valid request.
 */
export function signInPolicy() {
  const policy = interactionPolicy.base();
  policy.get('consent')?.checks.clear();
  policy
    .get('login')
    ?.checks.add(
      new interactionPolicy.Check(
        'acr_values',
        'the sign-in is weaker than asked for',
        'login_required',
        ({ oidc }) => !isAtLeast(oidc.acr, wantedAcr(oidc.params?.['acr_values'])),
      ),
    );
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  return policy;
}
