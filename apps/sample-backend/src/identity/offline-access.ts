import type { KoaContextWithOIDC } from 'oidc-provider';

/**
 * The provider drops the scope `offline_access`, and with it the refresh token, from a request without
 * `prompt=consent`. OpenID Connect Core (section 11) lets the server have other conditions; ours is that all
 * clients are first-party, so the prompt is added for them. `prompt=none` may not be combined: it stays.
 */
export async function askConsentForOfflineAccess(
  ctx: KoaContextWithOIDC,
  next: () => Promise<void>,
): Promise<void> {
  const { scope, prompt = '' } = ctx.query;
  const offline = typeof scope === 'string' && scope.split(' ').includes('offline_access');
  if (ctx.path === '/auth' && offline && typeof prompt === 'string' && !/\b(none|consent)\b/.test(prompt)) {
    ctx.query = { ...ctx.query, prompt: `${prompt} consent`.trim() };
  }
  await next();
}
