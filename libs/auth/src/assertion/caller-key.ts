import type { Caller } from '@bff/context';

/**
 * Tells callers apart by everything about them that an answer may depend on: who they are, and what they may do.
 * Contains no NUL, whatever they are called. '' for nobody.
 */
export function callerKey(caller: Caller | undefined): string {
  if (caller === undefined) return '';
  const known = keys.get(caller);
  if (known !== undefined) return known;
  const key = JSON.stringify([caller.id, scopeOf(caller)]);
  keys.set(caller, key);
  return key;
}

/** Space-separated (RFC 6749, section 3.3), in an order that does not depend on the token's. */
export function scopeOf({ scopes }: Caller): string {
  return [...scopes].toSorted().join(' ');
}

/** It is asked for with each call to a service, and callers do not change. */
const keys = new WeakMap<Caller, string>();
