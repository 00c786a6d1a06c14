export const startHelp = `npm start            starts sample-backend and the gateways, built
npm run dev          the same from source; a saved file restarts what it belongs to

Environment:
  HOST               address to listen on (127.0.0.1)
  PORT_OFFSET        added to every port, to run beside another one (0)
  LOG_LEVEL          of the gateways: fatal, error, warn, info, debug, trace, silent (warn)
  OIDC_ISSUER USERS_URL ORDERS_URL CATALOG_URL
                     your own services in place of the sample ones
  REDIS_URL          of a Redis that the gateways share; with it opinions starts too,
                     a service that announces itself while they run
Ctrl-C stops everything; a second one does not wait.`;

/** What is where, how to sign in, and calls to paste. */
export function startedText({ issuer, address, gateways, hasOpinions }) {
  // npm run token and npm run session must ask those that were started here.
  const token = `${issuer === 'http://localhost:4000' ? '' : `OIDC_ISSUER=${issuer} `}npm run -s token -- ada`;
  const web = address(3000);
  const session = `npm run -s session -- ada${web === 'http://localhost:3000' ? '' : ` --gateway ${web}`}`;
  const lines = gateways.map(
    ({ name, port, managementPort }) =>
      `  ${name.padEnd(12)} ${address(port)}   management ${address(managementPort)}`,
  );
  return `
${lines.join('\n')}
  identity     ${issuer}
  users        ${address(4001)}
  orders       ${address(4002).replace('http://', '')} (gRPC)
  catalog      ${address(4003)}/graphql${hasOpinions ? `\n  opinions      ${address(4004)}` : ''}
  faults       ${address(4009)}/faults

  Sign in as ada (password ada) or charles (charles): ${web}/bff/login?returnUrl=/

  The dashboard of the web app, with a session as a browser has it:
    SESSION=$(${session})
    curl -H "X-CSRF: 1" -H "Cookie: $SESSION" ${web}/api/dashboard
  The home screen of the mobile app, with an access token:
    curl -H "Authorization: Bearer $(${token})" ${address(3001)}/v1/home
${hasOpinions ? opinionsText(token, address(3001)) : ''}  Make orders slow, see what the screens do, and take it back:
    curl -X POST -H 'Content-Type: application/json' -d '{"service":"orders","delayMs":2000}' ${address(4009)}/faults
    curl -X DELETE ${address(4009)}/faults

  Ctrl-C stops everything.
`;
}

function opinionsText(token, mobile) {
  return `  What people say of a product, from a service that no gateway.yaml has as an upstream:
    curl -H "Authorization: Bearer $(${token})" ${mobile}/v1/opinions/BK-1843
`;
}
