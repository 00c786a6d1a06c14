import { sampleOneTimeCode } from './acr.js';

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f3f4f6, #16181d); }
  main { box-sizing: border-box; width: min(24rem, 100vw); padding: 2rem; border-radius: .75rem;
    background: light-dark(#fff, #22252c); box-shadow: 0 1px 8px #0003; }
  h1 { margin: 0 0 1rem; font-size: 1.4rem; }
  label { display: block; margin-top: 1rem; font-weight: 600; }
  input { box-sizing: border-box; width: 100%; margin-top: .25rem; padding: .6rem; font: inherit;
    border: 1px solid #8a8f98; border-radius: .4rem; }
  button { width: 100%; margin-top: 1.5rem; padding: .7rem; font: inherit; font-weight: 600; cursor: pointer;
    color: #fff; background: #1d4ed8; border: 0; border-radius: .4rem; }
  button.second { margin-top: .5rem; color: inherit; background: none; border: 1px solid #8a8f98; }
  .error { padding: .6rem .8rem; border-radius: .4rem; color: #7f1d1d; background: #fee2e2; }
  .hint { margin: 1.25rem 0 0; font-size: .875rem; opacity: .75; }
`;

export interface SignInForm {
  /** Where the form goes. */
  action: string;
  clientName: string;
  login?: string;
  /** Whether a one-time code is asked for besides the password. */
  secondFactor: boolean;
  error?: string | undefined;
}

export function signInPage({ action, clientName, login = '', secondFactor, error }: SignInForm): string {
  const alert = error ? `<p class="error" role="alert" id="error">${escapeHtml(error)}</p>` : '';
  const described = error ? ' aria-invalid="true" aria-describedby="error"' : '';
  return page(
    'Sign in',
    `<h1>Sign in to ${escapeHtml(clientName)}</h1>
    ${alert}
    <form method="post" action="${escapeHtml(action)}">
      <label for="login">Login</label>
      <input id="login" name="login" value="${escapeHtml(login)}" autocomplete="username" autocapitalize="none"
        required${login ? '' : ' autofocus'}${described}>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required
        ${login ? 'autofocus' : ''}${described}>
      ${secondFactor ? oneTimeCodeField(described) : ''}
      <button type="submit">Sign in</button>
    </form>
    <p class="hint">Sample accounts: ada / ada and charles / charles${secondFactor ? `; one-time code ${sampleOneTimeCode}` : ''}</p>`,
  );
}

function oneTimeCodeField(described: string): string {
  return `<label for="otp">One-time code</label>
      <input id="otp" name="otp" inputmode="numeric" pattern="[0-9]{6}" maxlength="6" autocomplete="one-time-code"
        required${described}>`;
}

/** `form` is the provider's own, with its protection against forgery. */
export function logoutPage(form: string): string {
  return page(
    'Sign out',
    `<h1>Do you want to sign out?</h1>
    ${form}
    <button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">Sign out</button>
    <button class="second" type="submit" form="op.logoutForm">Stay signed in</button>`,
  );
}

export function messagePage(title: string, message: string): string {
  return page(title, `<h1>${escapeHtml(title)}</h1><p>${escapeHtml(message)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${escapeHtml(title)}</title>
    <style>${style}</style>
  </head>
  <body>
    <main>
    ${body}
    </main>
  </body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
