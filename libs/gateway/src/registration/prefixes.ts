import type { PathTemplate } from '@bff/proxy';
import type { Issuers } from './registration-config.js';

type Keys = readonly string[];

/** Which service a path belongs to: that of the longest prefix, and all that have that one. */
export class Prefixes {
  private readonly owned: readonly { readonly keys: Keys; readonly issuer: string }[];

  constructor(issuers: Issuers) {
    this.owned = Object.entries(issuers).flatMap(([issuer, { prefixes }]) =>
      prefixes.map((prefix) => ({ keys: literalsOf(prefix), issuer })),
    );
  }

  /** Whether all that the template takes lies below a prefix of the issuer, and the nearest one is its own. */
  covers(issuer: string, template: PathTemplate): boolean {
    return this.isOwner(issuer, literalsOf(template));
  }

  /** `keys` are the segments of a path, or the literals that it begins with. */
  isOwner(issuer: string, keys: Keys): boolean {
    const above = this.owned.filter((one) => one.keys.every((key, at) => keys[at] === key));
    const depth = Math.max(0, ...above.map((one) => one.keys.length));
    return above.some((one) => one.keys.length === depth && one.issuer === issuer);
  }
}

/** Up to the first parameter. */
function literalsOf({ segments }: PathTemplate): Keys {
  const end = segments.findIndex(({ kind }) => kind !== 'literal');
  return segments
    .slice(0, end === -1 ? undefined : end)
    .flatMap((segment) => (segment.kind === 'literal' ? [segment.key] : []));
}
