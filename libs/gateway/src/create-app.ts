import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Callers } from '@bff/auth';
import { RouteTableError } from '@bff/proxy';
import { callerGone } from '@bff/tracing';
import { Upstreams } from '@bff/upstream';
import { type GatewayConfig, locateMistakes } from './config/config.js';
import { ConfigurationError } from './config/configuration.error.js';
import type { GatewayDefinition } from './gateway-definition.js';
import type { GatewayParts } from './gateway-parts.js';
import { GatewayModule } from './gateway.module.js';
import { type DeclaredRoute, readRoutes } from './management/route-table.js';
import type { OpenContextOptions } from './pipeline/open-context.js';
import { createCors } from './pipeline/cors.js';
import { assemblePipeline } from './pipeline/pipeline.js';
import type { OpenUpstreamAs } from './proxy/calls/route-call.js';
import { Registration } from './registration/registration.js';
import { openProxyFront } from './proxy/open-proxy-front.js';
import type { ProxyFront } from './proxy/proxy-front.js';
import { openWebSockets } from './proxy/upgrade/open-web-sockets.js';
import { GatewayAdapter } from './server/gateway-adapter.js';

/** Nest's application with the pipeline around it, and the routes of `gateway.yaml` before it. */
export interface GatewayApp {
  readonly app: NestExpressApplication;
  /** Of its controllers. */
  readonly declared: readonly DeclaredRoute[];
  readonly front: ProxyFront;
  /** To be configured, and closed. */
  readonly registration: Registration;
}

/** It does not listen yet. Rejects with ConfigurationError, and leaves nothing of itself behind then. */
export async function createApp(
  definition: GatewayDefinition,
  config: GatewayConfig,
  parts: GatewayParts,
): Promise<GatewayApp> {
  const { logger, health, counts, shedder, renderer, deadline, appVersions, devices } = parts;
  const adapter = new GatewayAdapter(logger, renderer, shedder);
  const app = await NestFactory.create<NestExpressApplication>(
    GatewayModule.around(definition, config, parts),
    adapter,
    { logger, bodyParser: false, abortOnError: false },
  );
  const declared = readRoutes(app);
  const keepsTags = declared.some(({ view }) => view?.options.freshForMs !== undefined);
  const context: OpenContextOptions = {
    logger,
    counts,
    deadlineMs: () => deadline.ms,
    isDraining: () => health.isDraining,
    devices,
    ...(keepsTags ? { onChange: (caller) => renderer.knownTags.forget(caller) } : {}),
  };
  const cors = createCors(config.corsOrigins);
  const front = openProxyFront(app, { gateway: definition.name, views: declared, context, cors }, parts);
  const registration = new Registration({
    gateway: definition.name,
    upstreams: app.get(Upstreams).added,
    logger,
    use: (table) => front.useAnnounced(table),
  });
  const mistakes = [
    ...useRoutes(front, config, app.get(Upstreams)),
    ...registration.mistakesOf(config.registration),
  ];
  if (mistakes.length > 0) {
    await app.close();
    throw new ConfigurationError(definition.name, locateMistakes(config, mistakes));
  }
  const callers = app.get(Callers);
  shedder.isKnown = (request) => callers.knows(request);
  shedder.onLeft = () => counts.count(callerGone);
  adapter.intercept = (request, response) => front.handles(request, response);
  adapter.upgrades = openWebSockets(app, front, context, parts);
  app.set('trust proxy', config.trustedHops);
  app.disable('x-powered-by');
  app.disable('etag');
  assemblePipeline(app, { ...context, appVersions, cors });
  await app.init();
  return { app, declared, front, registration };
}

/** Everything that is wrong with upstreams and routes. */
function useRoutes(front: ProxyFront, { proxy }: GatewayConfig, upstreams: Upstreams): readonly string[] {
  const open: OpenUpstreamAs = (name, Protocol) => {
    const upstream = upstreams.openOrNote(name, Protocol);
    return upstream instanceof Protocol ? upstream : undefined;
  };
  try {
    front.use(front.build(proxy, open));
    return upstreams.mistakes;
  } catch (error) {
    if (!(error instanceof RouteTableError)) throw error;
    return [...upstreams.mistakes, ...error.mistakes];
  }
}
