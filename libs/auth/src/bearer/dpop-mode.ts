import type { PresentedToken, TokenScheme } from './bearer-token.js';

/**
 * Whether a caller must prove possession of the key that its access token is bound to (RFC 9449). `off`: no bound
 * token is taken, for without its proof it is a stolen one; `optional`: bound ones with their proof, and others;
 * `required`: bound ones only.
 */
export type DpopMode = 'off' | 'optional' | 'required';

export const schemesOf: Readonly<Record<DpopMode, readonly TokenScheme[]>> = {
  off: ['Bearer'],
  optional: ['Bearer', 'DPoP'],
  required: ['DPoP'],
};

/** A bound token is taken with its proof only, and a proof only for a bound token. `jkt` is what it is bound to. */
export function isTaken(mode: DpopMode, { scheme }: PresentedToken, jkt: string | undefined): boolean {
  return (scheme === 'DPoP') === (jkt !== undefined) && schemesOf[mode].includes(scheme);
}
