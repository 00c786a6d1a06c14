import type { NestExpressApplication } from '@nestjs/platform-express';
import { Callers, SessionEnds, SessionMethod, Sessions } from '@bff/auth';
import { AddressLimitGuard, CallerLimitGuard, RouteLimits } from '@bff/throttling';
import type { GatewayParts } from '../../gateway-parts.js';
import { openContext, type OpenContextOptions } from '../../pipeline/open-context.js';
import type { ProxyFront } from '../proxy-front.js';
import { Tunnels } from './tunnels.js';
import { UpgradedRequests } from './upgraded-requests.js';
import { WebSockets } from './web-sockets.js';

/** The WebSockets of a gateway whose modules are there. */
export function openWebSockets(
  app: NestExpressApplication,
  front: ProxyFront,
  context: OpenContextOptions,
  { appVersions, deprecations }: GatewayParts,
): WebSockets {
  const tunnels = new Tunnels(app.get(SessionEnds), app.get(Sessions));
  const requests = new UpgradedRequests({
    openContext: openContext(context),
    addressLimit: app.get(AddressLimitGuard),
    callers: app.get(Callers),
    sessions: app.get(SessionMethod),
    callerLimit: app.get(CallerLimitGuard),
    routeLimits: app.get(RouteLimits),
    appVersions,
    deprecations,
    tunnels,
  });
  return new WebSockets(front, requests, tunnels);
}
