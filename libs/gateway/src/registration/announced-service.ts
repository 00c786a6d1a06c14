import type { ProxyRoute } from '@bff/proxy';
import type { Lease } from './leases.js';

/** What is served of a service that has announced itself. */
export interface AnnouncedService {
  readonly issuer: string;
  /** Where requests go, as the `url` of an upstream. */
  readonly url: string;
  /** Those that every instance which gets requests has announced. */
  readonly routes: readonly ProxyRoute[];
  readonly leases: readonly Lease[];
}

/** Draining instances get requests only where there are no others. */
export function toService(issuer: string, leases: readonly Lease[]): AnnouncedService {
  const well = leases.filter(({ announcement }) => announcement.health === 'ok');
  const active = well.length > 0 ? well : leases;
  const urls = new Set(active.flatMap(({ announcement }) => announcement.targets));
  const offers = active.map(({ routes }) => new Set(routes.map(contentOf)));
  const routes = (active.at(-1)?.routes ?? []).filter((route) =>
    offers.every((offer) => offer.has(contentOf(route))),
  );
  return { issuer, url: [...urls].join(','), routes, leases };
}

function contentOf(route: ProxyRoute): string {
  return JSON.stringify(route);
}

/** For operators. */
export function describeLease({ announcement, endsAtMs, keyId }: Lease): object {
  const { instance, health, targets } = announcement;
  return { instance, health, targets, key: keyId, leaseEndsAt: new Date(endsAtMs).toISOString() };
}
