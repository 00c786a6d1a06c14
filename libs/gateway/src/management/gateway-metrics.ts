import type { Store } from '@bff/store';
import type { LimitCounts } from '@bff/throttling';
import { Metrics, type Readings, type RequestCounts } from '@bff/tracing';
import type { Upstreams, UpstreamState } from '@bff/upstream';
import type { ViewStats } from '@bff/views';
import type { DeviceCounts } from '../device/device-counts.js';
import type { AppVersions } from '../app-versions/app-versions.js';
import type { KeyedCalls } from '../idempotency/keyed-calls.js';
import type { CachedAnswers } from '../proxy/cache/cached-answers.js';
import type { Deprecations } from '../proxy/deprecations.js';
import type { Registration } from '../registration/registration.js';
import type { ConfigReload } from '../reload/config-reload.js';
import type { LoadShedder } from '../server/load-shedder.js';
import { addCaches } from './cache-metrics.js';
import { addLoad, addProcess } from './load-metrics.js';

interface Sources {
  readonly counts: RequestCounts;
  readonly store: Store;
  readonly limits: LimitCounts;
  readonly shedder: LoadShedder;
  readonly views: ViewStats;
  readonly upstreams: Upstreams;
  readonly appVersions: AppVersions;
  readonly cachedAnswers: CachedAnswers;
  readonly deprecations: Deprecations;
  readonly devices: DeviceCounts;
  readonly keyedCalls: KeyedCalls;
  readonly reload: ConfigReload;
  readonly registration: Registration;
}

/** What `/metrics` tells of a gateway: its requests, its process and every upstream it calls. */
export function createGatewayMetrics(sources: Sources): Metrics {
  const { counts, store, shedder, views, upstreams, reload, appVersions, deprecations, keyedCalls } = sources;
  const { registration, limits, devices, cachedAnswers } = sources;
  const metrics = new Metrics();
  const help = 'Requests answered, by status; 499 are callers who left before';
  metrics.counter('bff_requests_total', help, ['status'], () => counts.read());
  metrics.gauge('bff_store_available', '1 while the store answers', [], () => [
    [{}, store.isAvailable ? 1 : 0],
  ]);
  metrics.counter(
    'bff_limits_counted_total',
    'Requests counted for a limit in the store of all replicas, and by this replica alone where that was late or away',
    ['where'],
    () => Object.entries(limits).map(([where, count]) => [{ where }, count] as const),
  );
  addReload(metrics, reload);
  addLoad(metrics, shedder);
  addProcess(metrics);
  addViews(metrics, views);
  addUpstreams(metrics, upstreams);
  addCaches(metrics, upstreams, () => cachedAnswers.state());
  metrics.counter(
    'bff_app_requests_total',
    'Requests by the platform and the version of the app that sent them, where there are rules for versions',
    ['platform', 'outcome'],
    () => appVersions.read(),
  );
  metrics.counter(
    'bff_device_requests_total',
    'Requests by the platform, the main version of the app and the network that they tell of',
    ['platform', 'app', 'network'],
    () => devices.read(),
  );
  metrics.counter(
    'bff_device_facts_wrong_total',
    'What requests tell of their device and makes no sense: it counts as not told',
    ['fact'],
    () => devices.readWrong(),
  );
  metrics.counter(
    'bff_deprecated_requests_total',
    'Requests for routes on their way out, by who sent them',
    ['route', 'caller'],
    () => deprecations.read(),
  );
  metrics.counter(
    'bff_keyed_requests_total',
    'Requests with an Idempotency-Key for actions that take one, by what became of them',
    ['route', 'outcome'],
    () => keyedCalls.read(),
  );
  metrics.counter(
    'bff_registration_refused_total',
    'Announcements of services that count for nothing, by why',
    ['reason'],
    () => registration.readRefused(),
  );
  metrics.gauge(
    'bff_registration_leases',
    'Instances of services that have announced themselves',
    ['issuer'],
    () => registration.readLeases(),
  );
  return metrics;
}

function addReload(metrics: Metrics, reload: ConfigReload): void {
  const help = 'Configurations read while running, by what became of them';
  metrics.counter('bff_config_reloads_total', help, ['result'], () =>
    Object.entries(reload.counts).map(([result, count]) => [{ result }, count] as const),
  );
  metrics.gauge('bff_config_current', '1 while the gateway runs on what its file says', [], () => [
    [{}, reload.mistakes.length === 0 ? 1 : 0],
  ]);
}

function addViews(metrics: Metrics, views: ViewStats): void {
  const names = ['view', 'section', 'status', 'reason', 'upstream'];
  const each = (read: 'count' | 'seconds') => () =>
    [...views.sections].map(
      ({ view, section, status, reason, upstream, [read]: value }) =>
        [{ view, section, status, reason, upstream }, value] as const,
    );
  metrics.counter('bff_sections_total', 'Sections of views, by what became of them', names, each('count'));
  metrics.counter('bff_section_seconds_total', 'Time that they took', names, each('seconds'));
  metrics.counter(
    'bff_views_unchanged_total',
    'Answers that were 304 without being loaded: see freshFor',
    ['view'],
    () => [...views.unchanged].map(([view, count]) => [{ view }, count] as const),
  );
  metrics.counter(
    'bff_views_over_budget_total',
    'Answers that took more than their view allows itself',
    ['view', 'budget'],
    () =>
      [...views.overBudget].map(({ worst: { view, budget }, count }) => [{ view, budget }, count] as const),
  );
}

function addUpstreams(metrics: Metrics, upstreams: Upstreams): void {
  const each = (read: (state: UpstreamState) => Readings) => () =>
    upstreams
      .state()
      .flatMap((state) =>
        [...read(state)].map(([labels, value]) => [{ upstream: state.name, ...labels }, value] as const),
      );
  const one = (read: (state: UpstreamState) => number) => each((state) => [[{}, read(state)]]);
  const name = ['upstream'];
  metrics.counter(
    'bff_upstream_calls_total',
    'Calls, by what became of them',
    ['upstream', 'outcome'],
    each(outcomesOf),
  );
  metrics.counter(
    'bff_upstream_attempts_total',
    'Attempts, retries and hedges included',
    name,
    one(({ calls }) => calls.attempts),
  );
  metrics.counter(
    'bff_upstream_retries_total',
    'Attempts after a failed one',
    name,
    one(({ calls }) => calls.retries),
  );
  metrics.counter(
    'bff_upstream_hedges_total',
    'Second attempts of slow calls',
    name,
    one(({ calls }) => calls.hedges),
  );
  metrics.counter(
    'bff_upstream_shared_total',
    'Calls answered by an equal one in flight',
    name,
    one(({ calls }) => calls.shared),
  );
  metrics.gauge(
    'bff_upstream_in_flight',
    'Calls in flight',
    name,
    one(({ inFlight }) => inFlight),
  );
  metrics.gauge(
    'bff_upstream_queued',
    'Calls that wait for a place',
    name,
    one(({ queued }) => queued),
  );
  metrics.gauge(
    'bff_upstream_circuit',
    '1 for the state the circuit is in',
    ['upstream', 'state'],
    each(({ circuit }) => [[{ state: circuit }, 1]]),
  );
  metrics.gauge('bff_upstream_targets', 'Targets by state', ['upstream', 'state'], each(targetsOf));
  metrics.gauge(
    'bff_upstream_latency_seconds',
    'Of answered attempts, lately',
    ['upstream', 'quantile'],
    each(latenciesOf),
  );
}

function* outcomesOf({ calls }: UpstreamState): Generator<readonly [{ outcome: string }, number]> {
  yield [{ outcome: 'ok' }, calls.ok];
  yield [{ outcome: 'caller_gone' }, calls.callerGone];
  yield [{ outcome: 'abandoned' }, calls.abandoned];
  yield [{ outcome: 'broken' }, calls.broken];
  for (const [outcome, count] of Object.entries(calls.failed)) yield [{ outcome }, count];
}

function* targetsOf({ targets }: UpstreamState): Generator<readonly [{ state: string }, number]> {
  for (const state of ['ok', 'ejected', 'unhealthy'])
    yield [{ state }, targets.filter((target) => target.state === state).length];
}

function* latenciesOf({ latencyMs }: UpstreamState): Generator<readonly [{ quantile: string }, number]> {
  const quantiles = { '0.5': latencyMs.p50, '0.95': latencyMs.p95, '0.99': latencyMs.p99 };
  for (const [quantile, ms] of Object.entries(quantiles))
    if (ms !== undefined) yield [{ quantile }, ms / 1_000];
}
