const directive = /([^\s=,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]*)))?/g;
const deltaSeconds = /^\d+$/;
/** RFC 9111, section 1.2.2: what a number too large to be represented counts as. */
const maxSeconds = 2 ** 31;

/**
 * The directives of an answer (RFC 9111, section 5.2). Names are read in any case; a number that is none, or that is
 * given twice with two values, is 0, for an answer whose freshness is invalid counts as stale (section 4.2.1).
 */
export class CacheControl {
  private readonly directives = new Map<string, string>();

  constructor(header: string | undefined) {
    for (const [, name = '', quoted, token] of (header ?? '').matchAll(directive)) {
      const key = name.toLowerCase();
      const value = quoted ?? token ?? '';
      const isContradicted = this.directives.has(key) && this.directives.get(key) !== value;
      this.directives.set(key, isContradicted ? '' : value);
    }
  }

  has(name: string): boolean {
    return this.directives.has(name);
  }

  /** 0 when it is absent or no number. */
  seconds(name: string): number {
    const value = this.directives.get(name) ?? '';
    return deltaSeconds.test(value) ? Math.min(Number(value), maxSeconds) : 0;
  }

  /**
   * As `http-cache-semantics` understands it: it knows only lower-case names, and splits quoted lists. Without
   * `proxy-revalidate`, which it takes to forbid freshness; it forbids staleness only.
   */
  forPolicy(): string | undefined {
    const names = [...this.directives.keys()].filter((name) => name !== 'proxy-revalidate');
    const parts = names.map((name) => (lifetimes.has(name) ? `${name}=${this.seconds(name)}` : name));
    return parts.length === 0 ? undefined : parts.join(', ');
  }
}

const lifetimes = new Set(['max-age', 's-maxage']);
