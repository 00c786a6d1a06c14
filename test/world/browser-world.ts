import type { RunningGateway } from '@bff/gateway';
import { findFreePort } from '@bff/testing';
import type { Browser, Page } from 'playwright-core';
import { type SampleBackend, startSampleBackend } from 'sample-backend';
import { startChromium } from './chromium.js';
import { writeGatewayConfig } from './gateway-config.js';
import { shop } from './shop.js';
import { startSampleGateway } from './sample-gateway.js';

/** A real browser before the shop's gateway, the sample services and a real provider, which is another site. */
export interface BrowserWorld extends AsyncDisposable {
  /** Where browsers find the gateway. */
  readonly origin: string;
  readonly gateway: RunningGateway;
  readonly backend: SampleBackend;
  readonly chromium: Browser;
}

export async function startBrowserWorld(accessTokenSeconds?: number): Promise<BrowserWorld> {
  await using stack = new AsyncDisposableStack();
  const [port, identity] = [await findFreePort(), await findFreePort()];
  const origin = `http://localhost:${port}`;
  const [chromium, backend] = await Promise.all([
    startChromium(),
    startSampleBackend({
      webBffOrigins: [origin],
      ports: { identity },
      // `localhost` and `127.0.0.1` are two sites to a browser; ports make no difference to it.
      issuer: `http://127.0.0.1:${identity}`,
      accessTokenSeconds,
    }),
  ]);
  stack.use(backend);
  stack.defer(() => chromium.close());
  using config = writeGatewayConfig('web-bff', { auth: {} });
  const gateway = stack.use(
    await startSampleGateway(shop, backend, { PORT: String(port), GATEWAY_CONFIG: config.path }),
  );
  const all = stack.move();
  return { origin, gateway, backend, chromium, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** A browser that knows nothing yet, at a blank page; closed with it. */
export async function openPage({ chromium }: BrowserWorld): Promise<Page> {
  const context = await chromium.newContext();
  context.setDefaultTimeout(10_000);
  return await context.newPage();
}

/** By the provider's form, from wherever the page is; ends at `returnUrl`. */
export async function signInAs(
  login: string,
  page: Page,
  origin: string,
  returnUrl = '/shop',
): Promise<void> {
  await page.goto(`${origin}/bff/login?returnUrl=${encodeURIComponent(returnUrl)}`);
  await fillInForm(page, login);
  await page.waitForURL(origin + returnUrl);
}

/** The sample accounts have their login as password. */
export async function fillInForm(page: Page, login: string, oneTimeCode?: string): Promise<void> {
  await page.fill('#login', login);
  await page.fill('#password', login);
  if (oneTimeCode !== undefined) await page.fill('#otp', oneTimeCode);
  await page.click('button[type=submit]');
}

/** What a script says of a call. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Fetched {
  readonly status: number;
  readonly body: unknown;
  readonly challenge: string | null;
}

/** The page's own `fetch`, as a script of the page would call it. */
export function fetchFrom(
  page: Page,
  path: string,
  init: FetchInit = { headers: { 'X-CSRF': '1' } },
): Promise<Fetched> {
  return page.evaluate(
    async ([path, init]) => {
      const answer = await fetch(path, init);
      const text = await answer.text();
      const body = text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
      return { status: answer.status, body, challenge: answer.headers.get('WWW-Authenticate') };
    },
    [path, init] as const,
  );
}
