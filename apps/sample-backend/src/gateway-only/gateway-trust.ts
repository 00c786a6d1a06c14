import type { JWK } from 'jose';

import { developmentKey } from './development-key.js';

/** Whose word a service takes for who is calling. */
export interface GatewayTrust {
  /** Where gateways publish the keys they sign with: `/.well-known/jwks.json` of their management port. */
  jwksUrls: readonly string[];
  /** Public keys that are trusted without being fetched. */
  keys: readonly JWK[];
}

/** Gateways at their default ports, and gateways anywhere on the secret for development. */
export const developmentTrust: GatewayTrust = {
  jwksUrls: [3100, 3101].map((port) => `http://127.0.0.1:${port}/.well-known/jwks.json`),
  keys: [developmentKey],
};
