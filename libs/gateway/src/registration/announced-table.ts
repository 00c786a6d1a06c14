import {
  createRouteTable,
  type ProxyRoute,
  type RouteMatched,
  type RouteRequest,
  type RouteTable,
  segmentKey,
} from '@bff/proxy';
import type { HttpUpstream } from '@bff/upstream';
import { type CompiledRoute, compileRoute } from '../proxy/compiled-route.js';
import { type AnnouncedService, describeLease } from './announced-service.js';

interface AnnouncedLine {
  readonly service: AnnouncedService;
  readonly compiled: CompiledRoute;
}

interface TableOptions {
  readonly gateway: string;
  readonly services: readonly AnnouncedService[];
  readonly open: (service: AnnouncedService) => HttpUpstream;
  /** Whether a path is below no prefix that is nearer to it and another service's. */
  readonly isOwner: (issuer: string, keys: readonly string[]) => boolean;
}

/** The routes of services that have announced themselves. Never changes: other services are another table. */
export class AnnouncedTable {
  private readonly table: RouteTable;
  private readonly lines = new Map<ProxyRoute, AnnouncedLine>();
  private readonly isOwner: TableOptions['isOwner'];

  constructor({ gateway, services, open, isOwner }: TableOptions) {
    this.isOwner = isOwner;
    for (const service of services) {
      const upstream = open(service);
      for (const route of service.routes) {
        // A change by way of one of these may concern what a route beside it has kept.
        const compiled = compileRoute(
          route,
          gateway,
          (_, Protocol) => (upstream instanceof Protocol ? upstream : undefined),
          true,
        );
        this.lines.set(route, { service, compiled });
      }
    }
    this.table = createRouteTable([...this.lines.keys()], []);
  }

  find(
    asked: RouteRequest,
  ): ({ readonly compiled: CompiledRoute } & Pick<RouteMatched, 'params' | 'vary'>) | undefined {
    const matched = this.table.match(asked);
    if (typeof matched !== 'object' || 'mismatch' in matched) return undefined;
    const line = this.lines.get(matched.route);
    const keys = asked.path.slice(1).split('/').map(segmentKey);
    if (line === undefined || !this.isOwner(line.service.issuer, keys)) return undefined;
    return { compiled: line.compiled, params: matched.params, vary: matched.vary };
  }

  /** For operators, in the order in which they are tried. */
  describe(): object[] {
    const byName = new Map([...this.lines].map(([route, line]) => [route.name, { route, ...line }]));
    return this.table.entries().map((entry) => {
      const line = byName.get(entry.name ?? '');
      if (line === undefined) return entry;
      const { route, service } = line;
      const leaseEndsAt = new Date(Math.max(...service.leases.map(({ endsAtMs }) => endsAtMs))).toISOString();
      const registration = {
        issuer: service.issuer,
        instances: service.leases.map(describeLease),
        leaseEndsAt,
      };
      return { ...entry, upstream: service.issuer, access: route.access, scopes: route.scopes, registration };
    });
  }
}
