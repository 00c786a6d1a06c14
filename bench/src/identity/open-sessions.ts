import type { ProviderFake } from '@bff/testing';
import { request } from 'undici';

/**
 * Signs users in at a gateway, as a browser does it: by redirects and cookies, and nothing else. Resolves with the
 * cookie of each, in their order.
 */
export async function openSessions(
  gatewayUrl: string,
  provider: ProviderFake,
  userIds: readonly string[],
): Promise<string[]> {
  const cookies: string[] = [];
  for (const sub of userIds) {
    provider.user = { sub, name: `User ${sub}` };
    const login = await visit(`${gatewayUrl}/bff/login`);
    const authorized = await visit(login.location);
    const callback = await visit(authorized.location, login.cookies);
    const session = callback.cookies.find((cookie) => cookie.includes('-session='));
    if (session === undefined) throw new Error(`user ${sub} could not sign in at ${gatewayUrl}`);
    cookies.push(session);
  }
  return cookies;
}

async function visit(url: string, cookies: readonly string[] = []) {
  const { statusCode, headers, body } = await request(url, { headers: { cookie: cookies.join('; ') } });
  await body.dump();
  const location = [headers['location']].flat()[0];
  if (location === undefined) throw new Error(`${url} answered ${statusCode} and leads nowhere`);
  const set = [headers['set-cookie'] ?? []].flat();
  return { location, cookies: set.map((line) => line.split(';', 1)[0] ?? '') };
}
