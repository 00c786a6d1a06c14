import { LRUCache } from 'lru-cache';
import type { CachedRequest } from './cached-request.js';
import { everybody, type Owner, type StoredAnswer } from './stored-answer.js';
import { varyMatches } from './vary.js';

/** Of one path and owner, chosen by `Vary`; the oldest makes room. */
const maxVariants = 16;
/** An answer takes a tenth of the cache at most. */
const maxShare = 0.1;

/** Stored answers by path, then owner, within a bound of bytes; what was not used for longest goes first. */
export class AnswerStore {
  private readonly paths = new Map<string, Map<Owner, StoredAnswer[]>>();
  private readonly used: LRUCache<StoredAnswer, true>;

  constructor(private readonly maxBytes: number) {
    this.used = new LRUCache<StoredAnswer, true>({
      maxSize: Math.max(1, maxBytes),
      sizeCalculation: (_true, stored) => stored.bytes,
      dispose: (_true, stored) => this.unlink(stored),
    });
  }

  get entries(): number {
    return this.used.size;
  }

  get bytes(): number {
    return this.used.calculatedSize;
  }

  /** The caller's own answer before one for everybody; of several, the latest. */
  find(request: CachedRequest): StoredAnswer | undefined {
    const owners = this.paths.get(request.path);
    if (owners === undefined) return undefined;
    const stored = chosen(owners.get(request.identity), request) ?? chosen(owners.get(everybody), request);
    if (stored !== undefined) this.used.get(stored);
    return stored;
  }

  has(stored: StoredAnswer): boolean {
    return this.used.has(stored);
  }

  /** Replaces what the same request would have found of this owner. */
  add(stored: StoredAnswer, request: CachedRequest): void {
    const replaced = chosen(this.paths.get(stored.path)?.get(stored.owner), request);
    if (replaced !== undefined) this.remove(replaced);
    if (stored.bytes > this.maxBytes * maxShare) return;
    const owners = entryOf(this.paths, stored.path, () => new Map<Owner, StoredAnswer[]>());
    const variants = entryOf(owners, stored.owner, () => []);
    variants.unshift(stored);
    this.used.set(stored, true);
    const oldest = variants[maxVariants];
    if (oldest !== undefined) this.remove(oldest);
  }

  remove(stored: StoredAnswer): void {
    this.used.delete(stored);
  }

  removePath(path: string): void {
    const variants = this.paths.get(path)?.values() ?? [];
    for (const stored of [...variants].flat()) this.remove(stored);
  }

  /** How many there were with one of these labels. */
  removeLabelled(labels: ReadonlySet<string>): number {
    const labelled = [...this.used.keys()].filter((stored) => stored.hasLabel(labels));
    for (const stored of labelled) this.remove(stored);
    return labelled.length;
  }

  clear(): void {
    this.used.clear();
  }

  private unlink(stored: StoredAnswer): void {
    const owners = this.paths.get(stored.path);
    const variants = owners?.get(stored.owner);
    if (owners === undefined || variants === undefined) return;
    variants.splice(variants.indexOf(stored), 1);
    if (variants.length === 0) owners.delete(stored.owner);
    if (owners.size === 0) this.paths.delete(stored.path);
  }
}

function chosen(variants: readonly StoredAnswer[] | undefined, { headers }: CachedRequest) {
  return variants?.find((stored) => varyMatches(stored.vary, headers));
}

function entryOf<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = create();
  map.set(key, value);
  return value;
}
