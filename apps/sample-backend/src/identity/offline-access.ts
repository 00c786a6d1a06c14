import type { Provider } from 'oidc-provider';

/**
 * The provider drops the scope `offline_access`, and with it the refresh token, from a request without
 * `prompt=consent`. OpenID Connect Core (section 11) lets the server have other conditions; ours is that all
 * clients are first-party, so the prompt counts as asked for, whether a request was pushed (RFC 9126) or came along
 * in the address. `prompt=none` may not be combined: it stays.
 */
export function askConsentForOfflineAccess({ OIDCContext: { prototype } }: Provider): void {
  // The class is this provider's own, made by it for itself.
  const asked = Object.getOwnPropertyDescriptor(prototype, 'prompts')?.get;
  if (!asked) throw new Error('oidc-provider has changed: there is no OIDCContext.prompts');
  Object.defineProperty(prototype, 'prompts', {
    configurable: true,
    get(this: typeof prototype): Set<string> {
      const prompts = asked.call(this) as Set<string>;
      const isOffline = this.requestParamScopes.has('offline_access');
      return isOffline && !prompts.has('none') ? prompts.add('consent') : prompts;
    },
  });
}
