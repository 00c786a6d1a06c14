// `npm run -s session -- ada`: a value for the header Cookie on stdout, or one line on stderr and exit code 1.
import { parseArgs } from 'node:util';
import { ensurePrepared } from './prepared.mjs';

const DEFAULT_GATEWAY = 'http://localhost:3000';

const HELP = `npm run -s session -- <user> [--password <password>] [--otp <code>] [--gateway <url>]

Signs the user, ada or charles in the sample data, in at web-bff as a browser does. Prints a value for the header Cookie:
  SESSION=$(npm run -s session -- ada)
  curl -H "X-CSRF: 1" -H "Cookie: $SESSION" ${DEFAULT_GATEWAY}/api/dashboard

  --password   the user's name when not given
  --otp        signs in with a second factor too; the code of the sample accounts is 000000
  --gateway    ${DEFAULT_GATEWAY} when not given`;

async function main() {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(HELP);
  const [login] = positionals;
  if (!login) throw new Error('Which user? For example: npm run -s session -- ada');
  const gatewayUrl = readGateway(values.gateway);
  ensurePrepared('--quiet');

  const { secondFactorAcr, signInAtGateway } = await import('../apps/sample-backend/dist/index.js').catch(
    (error) => {
      if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      throw new Error('The platform is not built yet: run `npm start` once.');
    },
  );
  const { password = login, otp } = values;
  const second = otp === undefined ? {} : { oneTimeCode: otp, acrValues: secondFactorAcr };
  const signedIn = await signInAtGateway({ gatewayUrl, login, password, ...second }).catch((error) => {
    throw new Error(describe(error, gatewayUrl, login));
  });
  console.log(signedIn.cookie);
}

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      password: { type: 'string' },
      otp: { type: 'string' },
      gateway: { type: 'string', default: DEFAULT_GATEWAY },
      help: { type: 'boolean', short: 'h' },
    },
  });
}

/** The origin alone: what browsers know a gateway by. */
function readGateway(text) {
  const url = URL.parse(text);
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url.origin;
  throw new Error(`--gateway ${text}: expected an address such as ${DEFAULT_GATEWAY}.`);
}

function describe(error, gatewayUrl, login) {
  if (error.message === `${gatewayUrl} does not answer`) {
    return `No gateway answers at ${gatewayUrl}: start it with \`npm start\`, or name another by --gateway.`;
  }
  if (error.message.endsWith(' does not answer')) {
    return `Identity, where ${gatewayUrl} sends its users, does not answer: ${error.message}.`;
  }
  if (error.message.startsWith('the sign-in was refused'))
    return `Identity refused ${login}: wrong user, password or code.`;
  return `No session: ${error.message.replace(/^no session: /, '')}`;
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
