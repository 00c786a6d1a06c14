import { AssertionSigner } from '@bff/auth';
import { createStore, type Store } from '@bff/store';
import { JsonLogger, RequestCounts } from '@bff/tracing';
import { ViewRenderer } from '@bff/views';
import { AppVersions } from './app-versions/app-versions.js';
import type { GatewayConfig } from './config/config.js';
import type { GatewayDefinition } from './gateway-definition.js';
import { KeyedCalls } from './idempotency/keyed-calls.js';
import { DeviceCounts } from './device/device-counts.js';
import { Health } from './management/health.js';
import { recordSection } from './pipeline/record-section.js';
import type { CachedAnswers } from './proxy/cache/cached-answers.js';
import { openCachedAnswers } from './proxy/cache/open-cached-answers.js';
import { Deprecations } from './proxy/deprecations.js';
import { EventStreams } from './proxy/event-streams.js';
import { LoadShedder } from './server/load-shedder.js';

/** What a gateway has beside Nest's modules. */
export interface GatewayParts {
  readonly logger: JsonLogger;
  readonly health: Health;
  readonly store: Store;
  readonly assertions: AssertionSigner;
  readonly counts: RequestCounts;
  readonly shedder: LoadShedder;
  readonly renderer: ViewRenderer;
  readonly appVersions: AppVersions;
  readonly deprecations: Deprecations;
  readonly devices: DeviceCounts;
  readonly eventStreams: EventStreams;
  readonly cachedAnswers: CachedAnswers;
  readonly keyedCalls: KeyedCalls;
  /** The most that answering a request may take; may be set while the gateway runs. */
  readonly deadline: { ms: number };
}

export async function createGatewayParts(
  { name, meta }: GatewayDefinition,
  { logLevel, redisUrl, secrets, overload, deadlineMs, app }: GatewayConfig,
): Promise<GatewayParts> {
  const logger = new JsonLogger({ name, level: logLevel });
  const onChange = (isAvailable: boolean, why: string): void =>
    logger.warn(`the store ${isAvailable ? 'answers again' : 'is away'}: ${why}`);
  const store = createStore({ url: redisUrl, onChange });
  return {
    logger,
    health: new Health(),
    store,
    assertions: new AssertionSigner({ issuer: `urn:bff:${name}`, secrets }),
    counts: new RequestCounts(),
    appVersions: new AppVersions(app.versions),
    deprecations: new Deprecations(),
    devices: new DeviceCounts(),
    eventStreams: new EventStreams(),
    cachedAnswers: openCachedAnswers(name, redisUrl === undefined ? undefined : store),
    keyedCalls: new KeyedCalls(),
    shedder: new LoadShedder(overload),
    deadline: { ms: deadlineMs },
    renderer: await ViewRenderer.create({ meta, store, onSection: recordSection }),
  };
}

/** The last thing that a gateway does. */
export async function closeGatewayParts({ store, shedder, cachedAnswers }: GatewayParts): Promise<void> {
  shedder[Symbol.dispose]();
  await cachedAnswers.close();
  await store.close();
}
