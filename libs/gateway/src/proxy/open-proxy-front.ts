import type { NestExpressApplication } from '@nestjs/platform-express';
import { Callers } from '@bff/auth';
import { AddressLimitGuard, CallerLimitGuard, RouteLimits } from '@bff/throttling';
import type { GatewayParts } from '../gateway-parts.js';
import type { DeclaredRoute } from '../management/route-table.js';
import type { CorsStep } from '../pipeline/cors.js';
import { openContext, type OpenContextOptions } from '../pipeline/open-context.js';
import { ProxiedRequests } from './proxied-requests.js';
import { ProxyFront } from './proxy-front.js';

interface FrontOptions {
  readonly gateway: string;
  readonly views: readonly DeclaredRoute[];
  readonly context: OpenContextOptions;
  readonly cors: CorsStep | undefined;
}

/** The front of a gateway whose modules are there, with an empty table. */
export function openProxyFront(
  app: NestExpressApplication,
  { gateway, views, context, cors }: FrontOptions,
  { appVersions, deprecations, cachedAnswers, eventStreams }: GatewayParts,
): ProxyFront {
  const requests = new ProxiedRequests({
    openContext: openContext(context),
    cors,
    addressLimit: app.get(AddressLimitGuard),
    callers: app.get(Callers),
    callerLimit: app.get(CallerLimitGuard),
    routeLimits: app.get(RouteLimits),
    appVersions,
    deprecations,
    cachedAnswers,
    eventStreams,
  });
  return new ProxyFront(gateway, views, requests);
}
