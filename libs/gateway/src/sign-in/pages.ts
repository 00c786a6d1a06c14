import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import { html, Html } from '../html.js';

/** The few pages that a gateway shows by itself: complete without a script, and with no way out of themselves. */
export interface Page {
  readonly title: string;
  readonly text: string;
  readonly link: { readonly href: string; readonly text: string };
  /** Goes on to the link by itself. */
  readonly goesOn?: boolean;
}

const style = new Html(`
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f3f4f6, #16181d); }
main { box-sizing: border-box; width: min(28rem, 100vw); padding: 2rem; border-radius: .75rem;
  background: light-dark(#fff, #22252c); box-shadow: 0 1px 8px #0003; }
h1 { margin: 0 0 .5rem; font-size: 1.4rem; }
p:last-child { margin-bottom: 0; }
a { color: light-dark(#1d4ed8, #93b4ff); }
`);

/** Answers with a page that may be framed, cached and scripted by nobody. */
export function sendPage(response: Response, status: number, page: Page): void {
  const nonce = randomBytes(16).toString('base64');
  response.status(status);
  response.setHeader('Content-Security-Policy', contentSecurityPolicy(nonce));
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(toHtml(page, nonce).toString());
}

function contentSecurityPolicy(nonce: string): string {
  const nobody = ['default-src', 'object-src', 'base-uri', 'form-action', 'frame-ancestors'];
  return [`style-src 'nonce-${nonce}'`, ...nobody.map((name) => `${name} 'none'`)].join('; ');
}

function toHtml({ title, text, link: { href, text: words }, goesOn = false }: Page, nonce: string): Html {
  const refresh = goesOn ? html`<meta http-equiv="refresh" content="0;url=${href}" />` : '';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refresh}
        <title>${title}</title>
        <style nonce="${nonce}">
          ${style}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p>${text}</p>
          <p><a href="${href}">${words}</a></p>
        </main>
      </body>
    </html> `;
}
