/** How somebody has signed in, from the weakest: what `acr_values` may ask for and `acr` says (OpenID Connect Core, section 2). */
export const acrValues = ['urn:bff:acr:password', 'urn:bff:acr:second-factor'] as const;
export type Acr = (typeof acrValues)[number];

export const [passwordAcr, secondFactorAcr] = acrValues;

/** Stands in for an authenticator app: the code of every sample account. */
export const sampleOneTimeCode = '000000';

/** The first of a request's `acr_values` that is ours; a password when there is none. */
export function wantedAcr(requested: unknown): Acr {
  const names = typeof requested === 'string' ? requested.split(' ') : [];
  return names.flatMap((name) => acrValues.find((acr) => acr === name) ?? [])[0] ?? passwordAcr;
}

/** A stronger one does for a weaker one. */
export function isAtLeast(actual: string | undefined, wanted: Acr): boolean {
  return acrValues.findIndex((acr) => acr === actual) >= acrValues.indexOf(wanted);
}
