import type { Server } from 'node:http';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { JsonLogger } from '@bff/tracing';
import type { ViewStats } from '@bff/views';
import { readConfig } from './config/config.js';
import { createApp } from './create-app.js';
import type { GatewayDefinition } from './gateway-definition.js';
import { closeGatewayParts, createGatewayParts, type GatewayParts } from './gateway-parts.js';
import { purgeCache } from './management/cache-pages.js';
import { managementPages } from './management/management-pages.js';
import { createManagementServer } from './management/management-server.js';
import { type RouteEntry, toRouteEntry } from './management/route-table.js';
import { openApiPages } from './openapi/openapi-pages.js';
import { ConfigReload } from './reload/config-reload.js';
import { reloadableParts } from './reload/reloadable-parts.js';
import { watchForChanges } from './reload/watch-file.js';
import { listen } from './server/listen.js';
import { SessionWatch } from './sign-in/session-watch.js';

/** How long calls in flight may take to finish before they are cut off. */
const graceMs = 8_000;

/** A gateway that listens. */
export interface RunningGateway extends AsyncDisposable {
  readonly url: string;
  readonly managementUrl: string;
  readonly routes: readonly RouteEntry[];
  /** What became of the sections of its views, and which views went over their budgets. */
  readonly views: ViewStats;
  readonly logger: JsonLogger;
  /** Reads the configuration anew, as a change of its file does. `cause` is for the log. Never throws. */
  reload(cause: string): void;
  /** Readiness turns red at once; calls are still answered, and their connections closed after the answer. */
  drain(): void;
  /** Takes no new connection, lets calls in flight finish (8 s at most), then closes upstreams and ports. */
  close(): Promise<void>;
}

/** Starts a gateway in this process. Rejects with ConfigurationError or PortError, and leaves nothing behind then. */
export async function startGateway(
  definition: GatewayDefinition,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<RunningGateway> {
  const config = readConfig(definition, environment);
  const parts = await createGatewayParts(definition, config);
  const { health, renderer, logger } = parts;
  const { app, declared, front, registration } = await createApp(definition, config, parts).catch(
    async (error: unknown) => {
      await closeGatewayParts(parts);
      throw error;
    },
  );
  const reload = new ConfigReload(config, {
    read: () => readConfig(definition, environment),
    parts: reloadableParts(app, parts, { front, registration }),
    logger,
  });
  const routes = declared.map(toRouteEntry);
  const management = createManagementServer(
    {
      ...managementPages(app, parts, { routes, front, reload, registration }),
      ...openApiPages(definition, config.auth, declared),
    },
    { '/cache/purge': purgeCache(parts.cachedAnswers) },
  );
  try {
    const { host, port, managementPort } = config;
    const what = definition.name;
    const managementUrl = await listen(management, {
      what,
      setting: 'MANAGEMENT_PORT',
      host,
      port: managementPort,
    });
    const url = await listen(app.getHttpServer(), { what, setting: 'PORT', host, port });
    registration.configure(config.registration);
    health.startUp();
    const unwatch = watchForChanges(config.file, () => reload.reload(`${config.file} has changed`));
    const close = async (): Promise<void> => {
      unwatch();
      await registration.close();
      await stop(app, management, parts);
    };
    return {
      url,
      managementUrl,
      routes,
      views: renderer.stats,
      logger,
      reload: (cause) => reload.reload(cause),
      drain: () => health.drain(),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await stop(app, management, parts);
    throw error;
  }
}

async function stop(app: NestExpressApplication, management: Server, parts: GatewayParts): Promise<void> {
  parts.health.drain();
  const server = app.getHttpServer();
  const { promise: isOver, resolve: end } = Promise.withResolvers<void>();
  const grace = setTimeout(() => {
    server.closeAllConnections();
    end();
  }, graceMs);
  try {
    app.get(SessionWatch).closeAll();
    parts.eventStreams.closeAll();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
    // Of those whose callers have gone no connection tells.
    await Promise.race([parts.keyedCalls.idle(), isOver]);
    await app.close();
  } finally {
    clearTimeout(grace);
    await closeGatewayParts(parts);
    management.close();
    management.closeAllConnections();
  }
}
