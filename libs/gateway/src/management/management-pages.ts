import type { INestApplicationContext } from '@nestjs/common';
import { LimitCounts } from '@bff/throttling';
import { Upstreams } from '@bff/upstream';
import type { GatewayParts } from '../gateway-parts.js';
import type { ProxyFront } from '../proxy/proxy-front.js';
import type { Registration } from '../registration/registration.js';
import type { ConfigReload } from '../reload/config-reload.js';
import { createGatewayMetrics } from './gateway-metrics.js';
import type { Page, Pages } from './management-server.js';
import type { RouteEntry } from './route-table.js';

interface Looked {
  readonly routes: readonly RouteEntry[];
  readonly front: ProxyFront;
  readonly reload: ConfigReload;
  readonly registration: Registration;
}

/** What operators, probes and services find on the management port; its documents of the API come beside it. */
export function managementPages(
  app: INestApplicationContext,
  parts: GatewayParts,
  { routes, front, reload, registration }: Looked,
): Pages {
  const upstreams = app.get(Upstreams);
  const metrics = createGatewayMetrics({
    ...parts,
    views: parts.renderer.stats,
    upstreams,
    limits: app.get(LimitCounts),
    reload,
    registration,
  });
  return {
    '/health/live': () => ({ body: { status: 'live' } }),
    '/health/ready': () => readiness(parts, reload),
    '/upstreams': () => ({ body: upstreamsOf(upstreams, registration) }),
    '/metrics': async () => ({ body: await metrics.text(), contentType: metrics.contentType }),
    '/cache': () => ({ body: parts.cachedAnswers.state() }),
    '/routes': () => ({ body: front.describe(routes) }),
    '/.well-known/jwks.json': () => ({ body: parts.assertions.jwks() }),
  };
}

/** Those that have announced themselves say so, with their instances. */
function upstreamsOf(upstreams: Upstreams, registration: Registration): readonly object[] {
  const announced = registration.describe();
  return upstreams.state().map((state) => {
    const instances = announced.get(state.name);
    return instances === undefined ? state : { ...state, registration: { issuer: state.name, instances } };
  });
}

/** A store that is away and a file that is broken are told, and turn nothing red: what works goes on. */
function readiness({ health, store }: GatewayParts, { mistakes }: ConfigReload): Page {
  return {
    status: health.isReady ? 200 : 503,
    body: {
      status: health.status,
      ...(store.isAvailable ? {} : { store: 'away' }),
      ...(mistakes.length === 0 ? {} : { configuration: 'refused', mistakes }),
    },
  };
}
