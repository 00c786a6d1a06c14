import { Browser, type Page } from '../browser/browser.js';
import { readForm, readMessage } from '../browser/form.js';
import { sampleOneTimeCode } from './acr.js';

export interface Credentials {
  login: string;
  password: string;
  /** For a form that asks for one; that of the sample accounts when not given. */
  oneTimeCode?: string | undefined;
}

/**
 * Does what a browser and its user do with an authorization request: follows it to the sign-in form, submits the
 * form, and follows on to `redirectUri`, which is returned with its query and not fetched. Throws when the form is
 * refused or anything else than a redirect comes back.
 */
export async function submitSignInForm(
  authorizationUrl: URL | string,
  credentials: Credentials,
  redirectUri: string,
): Promise<URL> {
  const browser = new Browser({ stopAt: redirectUri });
  const end = await passSignIn(browser, await browser.open(authorizationUrl), credentials);
  if (!end.arrived) throw new Error(`the sign-in was refused: ${describePage(end)}`);
  return end.url;
}

/**
 * Fills in the sign-in form of a page and walks on; a page beyond the form is left as it is. Throws when there is no
 * form, or when it is shown again.
 */
export async function passSignIn(
  browser: Browser,
  page: Page,
  { login, password, oneTimeCode = sampleOneTimeCode }: Credentials,
): Promise<Page> {
  if (page.arrived) return page;
  const asked = readForm(page.html)?.names ?? [];
  if (page.status !== 200 || !asked.includes('password')) {
    throw new Error(`no sign-in form, but ${describePage(page)}`);
  }
  const code: Record<string, string> = asked.includes('otp') ? { otp: oneTimeCode } : {};
  const end = await browser.submit(page, { login, password, ...code });
  if (readForm(end.html)?.names.includes('password')) {
    throw new Error(`the sign-in was refused: ${describePage(end)}`);
  }
  return end;
}

export function describePage({ status, html }: Page): string {
  return `HTTP ${status} ${readMessage(html)}`.trim();
}
