import { Browser, type Page } from './browser.js';

export interface Credentials {
  login: string;
  password: string;
}

/**
 * Does what a browser and its user do with an authorization request: follows it to the sign-in form, submits the
 * form, and follows on to `redirectUri`, which is returned with its query and not fetched. Throws when the form is
 * refused or anything else than a redirect comes back.
 */
export async function submitSignInForm(
  authorizationUrl: URL | string,
  { login, password }: Credentials,
  redirectUri: string,
): Promise<URL> {
  const browser = new Browser(redirectUri);
  const form = await browser.follow(new URL(authorizationUrl));
  if (form.arrived) return form.url;
  const action = /<form[^>]*\saction="([^"]+)"/.exec(form.html)?.[1];
  if (form.status !== 200 || !action) throw new Error(`no sign-in form, but ${describe(form)}`);

  const body = new URLSearchParams({ login, password });
  const end = await browser.follow(new URL(readEntities(action), form.url), { method: 'POST', body });
  if (!end.arrived) throw new Error(`the sign-in was refused: ${describe(end)}`);
  return end.url;
}

function describe({ status, html }: Page): string {
  const message = /<p[^>]*>([^<]*)<\/p>/.exec(html)?.[1] ?? '';
  return `HTTP ${status} ${readEntities(message)}`.trim();
}

function readEntities(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))).replaceAll('&amp;', '&');
}
