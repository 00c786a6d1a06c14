import type { Metrics, Readings } from '@bff/tracing';
import type { CacheState, Upstreams } from '@bff/upstream';

interface Kept {
  /** The beginning of the names. */
  readonly prefix: string;
  /** Whose answers they are. */
  readonly labels: readonly string[];
  /** Every cache with the labels that it goes by. */
  readonly read: () => Iterable<readonly [labels: Readonly<Record<string, string>>, state: CacheState]>;
}

/** What the caches of the upstreams keep, and the one of the routes, under names of their own. */
export function addCaches(metrics: Metrics, upstreams: Upstreams, ofRoutes: () => CacheState): void {
  addCache(metrics, {
    prefix: 'bff_upstream_cache',
    labels: ['upstream'],
    read: () =>
      upstreams.state().flatMap(({ name, cache }) => (cache ? [[{ upstream: name }, cache] as const] : [])),
  });
  addCache(metrics, { prefix: 'bff_route_cache', labels: [], read: () => [[{}, ofRoutes()]] });
}

function addCache(metrics: Metrics, { prefix, labels, read }: Kept): void {
  const each = (valuesOf: (state: CacheState) => Record<string, number>) => (): Readings =>
    [...read()].flatMap(([own, state]) =>
      Object.entries(valuesOf(state)).map(([result, value]) => [{ ...own, result }, value] as const),
    );
  metrics.counter(
    `${prefix}_total`,
    'Answers asked of the cache, by what it did',
    [...labels, 'result'],
    each(({ hits, misses, revalidated, stale }) => ({ hits, misses, revalidated, stale })),
  );
  metrics.counter(
    `${prefix}_store_total`,
    'Looks into the store that replicas share: those that found an answer, and those without a reply in time',
    [...labels, 'result'],
    each(({ store }) => ({ ...store })),
  );
  metrics.gauge(`${prefix}_bytes`, 'Stored answers', labels, () =>
    [...read()].map(([own, { bytes }]) => [own, bytes] as const),
  );
}
