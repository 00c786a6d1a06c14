import { describeWithPrograms, HttpClient, until } from '@bff/testing';
import type { Page, Request } from 'playwright-core';
import {
  type BrowserWorld,
  fetchFrom,
  fillInForm,
  openPage,
  signInAs,
  startBrowserWorld,
} from '../world/browser-world.js';

const sessionCookie = '__Host-web-bff-session';
const accessTokenSeconds = 3;
const startTimeoutMs = 60_000;

describeWithPrograms('in a browser', ['chromium'], () => {
  let world: BrowserWorld;
  let page: Page;
  beforeAll(async () => void (world = await startBrowserWorld(accessTokenSeconds)), startTimeoutMs);
  afterAll(() => world[Symbol.asyncDispose]());
  beforeEach(async () => void (page = await openPage(world)));
  afterEach(() => page.context().close());

  const signIn = () => signInAs('ada', page, world.origin);
  const sessionValue = async () =>
    (await page.context().cookies(world.origin)).find(({ name }) => name === sessionCookie)?.value;

  test('who signs in arrives at the page he wanted with his session, which no redirect of the provider carried', async () => {
    const requests = collectRequests(page, world.origin);
    await signInAs('ada', page, world.origin, '/shop?from=login#top');
    const carried = await Promise.all(requests.map(carriesSession));
    expect(requests.map(pathOf)).toEqual(['/bff/login', '/bff/callback', '/bff/signed-in', '/shop']);
    expect(carried).toEqual([false, false, false, true]);
    expect(await fetchFrom(page, '/bff/user')).toMatchObject({
      status: 200,
      body: { sub: '7', name: 'Ada Lovelace', logoutUrl: '/bff/logout' },
    });
  });

  test('what is left in the browser is one cookie that no script reads', async () => {
    await signIn();
    expect(await page.context().cookies(world.origin)).toEqual([
      expect.objectContaining({
        name: sessionCookie,
        httpOnly: true,
        secure: true,
        sameSite: 'Strict',
        path: '/',
        expires: -1,
      }),
    ]);
    const seen = await page.evaluate(
      '[document.cookie, localStorage.length, sessionStorage.length, document.referrer]',
    );
    expect(seen).toEqual(['', 0, 0, '']);
  });

  test('a script of the page calls the API with the header, and is refused without it', async () => {
    await signIn();
    expect(await fetchFrom(page, '/api/dashboard')).toMatchObject({
      status: 200,
      body: { user: { name: 'Ada Lovelace' }, _meta: { complete: true } },
    });
    expect(await fetchFrom(page, '/api/dashboard', {})).toMatchObject({
      status: 403,
      body: { type: 'urn:bff:cross_site_request' },
    });
  });

  test('a call with an access token that is over is answered with a new one, and the page sees nothing of it', async () => {
    await signIn();
    const before = await sessionValue();
    const refreshes = () => world.backend.identity.grants['refresh_token'] ?? 0;
    const atFirst = refreshes();
    await until(
      'a refresh',
      async () => {
        expect(await fetchFrom(page, '/api/dashboard')).toMatchObject({ status: 200 });
        return refreshes() > atFirst;
      },
      3 * accessTokenSeconds * 1_000,
    );
    expect(await sessionValue()).toBe(before);
  });

  test('two tabs that sign in at once both arrive, and one session is left of them', async () => {
    const other = await page.context().newPage();
    const tabs = [page, other];
    for (const [index, tab] of tabs.entries())
      await tab.goto(`${world.origin}/bff/login?returnUrl=/shop?tab=${index}`);
    for (const [index, tab] of tabs.entries()) {
      if (tab.url().startsWith(world.backend.urls.identity)) await fillInForm(tab, 'charles');
      await tab.waitForURL(`${world.origin}/shop?tab=${index}`);
    }
    for (const tab of tabs) expect(await fetchFrom(tab, '/bff/user')).toMatchObject({ status: 200 });
    expect(await fetchFrom(page, '/bff/sessions')).toMatchObject({
      body: { sessions: [{ device: 'Chrome on Linux', current: true }] },
    });
  });

  test('a screen that asks for more is opened by a second factor, under a new session id', async () => {
    await signIn();
    const before = await sessionValue();
    const refused = await fetchFrom(page, '/shop/payout');
    expect(refused).toMatchObject({ status: 401, body: { type: 'urn:bff:step_up_required' } });
    const [, acr = ''] = /acr_values="([^"]+)"/.exec(refused.challenge ?? '') ?? [];
    await page.goto(`${world.origin}/bff/login?returnUrl=/shop&acr_values=${encodeURIComponent(acr)}`);
    await fillInForm(page, 'ada', '000000');
    await page.waitForURL(`${world.origin}/shop`);
    expect(await fetchFrom(page, '/shop/payout')).toMatchObject({
      status: 200,
      body: { payout: { amount: '12.00' } },
    });
    expect(await sessionValue()).not.toBe(before);
    expect(await statusWith(before)).toBe(401);
  });

  test('log out here: the session is over at once, and at the provider when the user goes on there', async () => {
    await signIn();
    const before = await sessionValue();
    const { status, body } = await fetchFrom(page, '/bff/logout', {
      method: 'POST',
      headers: { 'X-CSRF': '1' },
    });
    expect(status).toBe(200);
    expect(await sessionValue()).toBeUndefined();
    expect([await statusWith(before), (await fetchFrom(page, '/bff/user')).status]).toEqual([401, 401]);
    await page.goto((body as { endSessionUrl: string }).endSessionUrl);
    await page.click('button[value=yes]');
    await page.waitForURL(`${world.origin}/`);
    await page.goto(`${world.origin}/bff/login`);
    await page.waitForSelector('#password');
  });

  test('log out there: an open tab is told why, and its session is over', async () => {
    await signIn();
    const before = await sessionValue();
    const isOpen = page.waitForResponse('**/bff/session-events');
    const events = fetchFrom(page, '/bff/session-events');
    expect((await isOpen).status()).toBe(200);
    const other = await page.context().newPage();
    await other.goto(`${world.backend.urls.identity}/session/end`);
    await other.click('button[value=yes]');
    const { body } = await events;
    expect(body).toContain('event: session-ended\ndata: {"reason":"provider"}');
    expect((await fetchFrom(page, '/bff/user')).status).toBe(401);
    expect(await statusWith(before)).toBe(401);
  });

  test('come back: without a form while the provider remembers, and with a word for the page when it does not', async () => {
    await signIn();
    const comeBack = `${world.origin}/bff/login?prompt=none&returnUrl=/shop`;
    await page.context().clearCookies({ name: sessionCookie });
    await page.goto(comeBack);
    await page.waitForURL(`${world.origin}/shop`);
    expect((await fetchFrom(page, '/bff/user')).status).toBe(200);

    await world.backend.identity.endSessions('7');
    expect((await fetchFrom(page, '/bff/user')).status).toBe(401);
    await page.goto(comeBack);
    await page.waitForURL(`${world.origin}/shop?sign_in=login_required`);
    expect((await fetchFrom(page, '/bff/user')).status).toBe(401);
  });

  test('a sign-in that came to nothing is told on a page, with a way to begin anew', async () => {
    const answer = await page.goto(`${world.origin}/bff/callback?error=access_denied&state=unknown`);
    expect(answer?.status()).toBe(400);
    expect(await page.textContent('h1')).toBe('The sign-in did not work');
    await page.click('a');
    await page.waitForSelector('#password');
  });

  test('the pages of the gateway keep their own policy: nothing is blocked, and their style is applied', async () => {
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${world.origin}/bff/signed-in?returnUrl=/shop`, { waitUntil: 'commit' });
    await page.waitForURL(`${world.origin}/shop`);
    await page.goto(`${world.origin}/bff/callback?state=unknown`);
    expect(await page.evaluate("getComputedStyle(document.querySelector('main')).padding")).toBe('32px');
    // Chromium itself tells of the status.
    expect(complaints.filter((text) => !text.includes('status of 400'))).toEqual([]);
  });

  /** Of a caller who has kept that cookie. */
  async function statusWith(value: string | undefined): Promise<number> {
    await using client = new HttpClient(world.gateway.url, {
      cookie: `${sessionCookie}=${value}`,
      'x-csrf': '1',
    });
    return (await client.get('/bff/user')).status;
  }
});

/** Of documents, at that origin. */
function collectRequests(page: Page, origin: string): Request[] {
  const requests: Request[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.url().startsWith(origin)) requests.push(request);
  });
  return requests;
}

async function carriesSession(request: Request): Promise<boolean> {
  return ((await request.allHeaders())['cookie'] ?? '').includes(sessionCookie);
}

function pathOf(request: Request): string {
  return new URL(request.url()).pathname;
}
