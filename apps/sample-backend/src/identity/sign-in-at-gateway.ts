import { Browser, type Page } from '../browser/browser.js';
import { describePage, passSignIn, type Credentials } from './submit-sign-in-form.js';

export interface GatewaySignInOptions extends Credentials {
  /** Where browsers find it, such as `http://localhost:3000`; the provider must know that origin. */
  gatewayUrl: string;
  /** Where to go afterwards; `/` when not given. */
  returnUrl?: string | undefined;
  /** How strong a sign-in has to be, such as `urn:bff:acr:second-factor`. */
  acrValues?: string | undefined;
  /** One that has been here before; a fresh one when not given. */
  browser?: Browser | undefined;
}

export interface SignedInAtGateway {
  /** For the header Cookie of calls to the gateway: what it has set, and nothing of others on the same host. */
  cookie: string;
  /** Where the gateway has sent the browser at last; it goes on to `returnUrl` from there by itself. */
  page: Page;
  browser: Browser;
}

/**
 * Signs a user in at a gateway as a browser does: `/bff/login`, the form of the provider, `/bff/callback` and what comes
 * after it. Where the provider still knows the browser there is no form. Throws with the reason.
 */
export async function signInAtGateway(options: GatewaySignInOptions): Promise<SignedInAtGateway> {
  const { browser = new Browser(), returnUrl = '/', acrValues } = options;
  const gateway = new URL(options.gatewayUrl);
  const start = new URL('/bff/login', gateway);
  start.searchParams.set('returnUrl', returnUrl);
  if (acrValues !== undefined) start.searchParams.set('acr_values', acrValues);

  const first = await browser.open(start);
  const page = first.url.origin === gateway.origin ? first : await passSignIn(browser, first, options);
  const cookie = browser.cookies.header(gateway, { setBy: gateway.origin });
  const failed = page.status >= 400 && page.url.pathname.startsWith('/bff/');
  if (page.url.origin !== gateway.origin || failed || cookie === '') {
    throw new Error(`no session: ${page.url.origin}${page.url.pathname} answered ${describePage(page)}`);
  }
  return { cookie, page, browser };
}
