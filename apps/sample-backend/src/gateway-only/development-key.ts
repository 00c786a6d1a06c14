import type { JWK } from 'jose';

/**
 * The public half of the key with which gateways sign as long as their SESSION_SECRET is the one for development. That
 * secret is in the repository: whoever trusts this key trusts everybody.
 */
export const developmentKey: JWK = {
  kty: 'EC',
  crv: 'P-256',
  x: 'SWXYYtq1H_BXPgdLfc9SJtFM2F01V1bGP3b6tb26o48',
  y: 'EWDuQgvq-zq-OW8lSw7r_A-6rK6EOxVWQBy8pjQo1-0',
  kid: 'Tf7gIwxmnaCQ3xnu1daARS1P99XwB_v7IRfnwc-tKl0',
  alg: 'ES256',
  use: 'sig',
};
