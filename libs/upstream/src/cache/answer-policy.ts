import CachePolicy from 'http-cache-semantics';

/** `http-cache-semantics` on another clock, in milliseconds since 1970. */
export function createPolicyClass(nowMs: () => number): typeof CachePolicy {
  return class extends CachePolicy {
    /** Asked by the library, already while it constructs. */
    now(): number {
      return nowMs();
    }
  };
}
