// `npm run -s token -- ada`: an access token on stdout, or one line on stderr and exit code 1.
import { parseArgs } from 'node:util';
import { ensurePrepared } from './prepared.mjs';

const DEFAULT_SCOPE = 'openid profile:read orders:read orders:write catalog:read';

/** Answered by the ID token and userinfo: an access token for an API does not carry them. */
const OF_OPENID = ['openid', 'profile', 'email', 'offline_access'];

const HELP = `npm run -s token -- <user> [--scope "<scopes>"] [--password <password>]

Prints an access token of the user, ada or charles in the sample data.
  --scope      ${DEFAULT_SCOPE} when not given
  --password   the user's name when not given
  OIDC_ISSUER  who signs in (environment): http://localhost:4000 when not set`;

async function main() {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(HELP);
  const [login] = positionals;
  if (!login) throw new Error('Which user? For example: npm run -s token -- ada');
  ensurePrepared('--quiet');

  const issuer = process.env.OIDC_ISSUER || 'http://localhost:4000';
  const { signIn } = await import('../apps/sample-backend/dist/index.js').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error('The platform is not built yet: run `npm start` once.');
  });
  const { password = login, scope = DEFAULT_SCOPE } = values;
  const signedIn = await signIn({ issuer, login, password, scope }).catch((error) => {
    throw new Error(describe(error, issuer, login));
  });
  const granted = signedIn.scope.split(' ');
  const refused = scope
    .split(/\s+/)
    .filter((wanted) => wanted && ![...OF_OPENID, ...granted].includes(wanted));
  if (refused.length > 0) throw new Error(`Identity knows no such scope: ${refused.join(' ')}`);
  console.log(signedIn.accessToken);
}

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      scope: { type: 'string' },
      password: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

function describe(error, issuer, login) {
  if (error.message === 'fetch failed') {
    return `Identity does not answer at ${issuer}: start it with \`npm start\`, or set OIDC_ISSUER.`;
  }
  if (error.message.includes('refused')) return `Identity refused ${login}: wrong user or password.`;
  return `No token: ${error.message}`;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
