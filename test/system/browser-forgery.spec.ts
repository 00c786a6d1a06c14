import { describeWithPrograms, HandlerFake, until } from '@bff/testing';
import type { Page, Response } from 'playwright-core';
import {
  type BrowserWorld,
  fetchFrom,
  openPage,
  signInAs,
  startBrowserWorld,
} from '../world/browser-world.js';

const startTimeoutMs = 60_000;

describeWithPrograms('pages of others, in a browser that is signed in', ['chromium'], () => {
  let world: BrowserWorld;
  let other: HandlerFake;
  let app: Page;
  beforeAll(async () => {
    world = await startBrowserWorld();
    other = await HandlerFake.start((_request, response) => {
      response.setHeader('content-type', 'text/html').end(attackOn(world.origin));
    });
    app = await openPage(world);
    await signInAs('ada', app, world.origin);
  }, startTimeoutMs);
  afterAll(async () => {
    await other?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  /** To a browser, whose cookies know no ports, the second is the same site as the gateway. */
  describe.each([
    ['another site', '127.0.0.1', 401],
    ['another origin of the same site', 'localhost', 403],
  ])('of %s', (_what, host, status) => {
    let page: Page;
    let answers: Response[];
    let callsBefore: number;
    beforeEach(async () => {
      callsBefore = await upstreamAttempts();
      page = await app.context().newPage();
      answers = [];
      page.on('response', (answer) => {
        if (answer.url().startsWith(world.origin)) answers.push(answer);
      });
      await page.goto(`http://${host}:${new URL(other.url).port}/`);
    });
    afterEach(async () => {
      await page.close();
      expect(await upstreamAttempts()).toBe(callsBefore);
      expect(await fetchFrom(app, '/bff/user')).toMatchObject({ status: 200, body: { sub: '7' } });
    });

    test.each(['#order', '#logout'])('the form %s changes nothing', async (form) => {
      await page.evaluate(`document.querySelector('${form}').submit()`);
      const answer = await until('an answer', () => answers.at(0));
      expect([answer.request().method(), answer.status()]).toEqual(['POST', status]);
    });

    test('an image, a script and a frame show nothing', async () => {
      let ended = 0;
      page.on('requestfinished', () => (ended += 1)).on('requestfailed', () => (ended += 1));
      await page.evaluate("document.body.append(document.querySelector('template').content)");
      await until('the end of all three', () => ended >= 3);
      expect(answers.map((answer) => answer.status()).filter((code) => code !== status)).toEqual([]);
    });

    test.each([
      ['with cookies', { credentials: 'include' }],
      ['with cookies and the header', { credentials: 'include', headers: { 'X-CSRF': '1' } }],
      ['that wants no more than to be sent', { credentials: 'include', mode: 'no-cors' }],
    ])('a fetch %s is not answered', async (_how, init) => {
      expect(await readBy(page, init)).toBe('TypeError: Failed to fetch');
    });

    test('it can neither frame a page of the gateway nor keep hold of its window', async () => {
      const complaint = page.waitForEvent('console', (message) => message.text().includes('frame'));
      await page.evaluate(`document.body.append(Object.assign(document.createElement('iframe'),
        { src: '${world.origin}/bff/signed-in?returnUrl=/shop' }))`);
      expect((await complaint).text()).toContain("frame-ancestors 'none'");
      const popup = page.waitForEvent('popup');
      await page.evaluate(`window.held = window.open('${world.origin}/shop')`);
      await (await popup).waitForURL(`${world.origin}/shop`);
      await until('it is as closed to it', () => page.evaluate<boolean>('window.held.closed'));
      await (await popup).close();
    });
  });

  /** What the fetch of a page gets to see of the user's data. */
  function readBy(page: Page, init: object): Promise<unknown> {
    const call = `fetch('${world.origin}/api/dashboard', ${JSON.stringify(init)})`;
    return page.evaluate(`${call}.then((answer) => answer.text(), String)`);
  }

  async function upstreamAttempts(): Promise<number> {
    const answer = await fetch(`${world.gateway.managementUrl}/upstreams`);
    const upstreams = (await answer.json()) as { calls: { attempts: number } }[];
    return upstreams.reduce((sum, { calls }) => sum + calls.attempts, 0);
  }
});

/** What a page can make a browser send without a script of the gateway's own origin. */
function attackOn(origin: string): string {
  return `<!doctype html><title>Win a prize</title>
    <form id="order" method="post" action="${origin}/api/orders" enctype="text/plain">
      <input name='{"lines":[{"sku":"BK-1843","quantity":1}],"x":"' value='"}'>
    </form>
    <form id="logout" method="post" action="${origin}/bff/logout"></form>
    <template>
      <img src="${origin}/api/dashboard">
      <script src="${origin}/api/dashboard"></script>
      <iframe src="${origin}/api/dashboard"></iframe>
    </template>`;
}
