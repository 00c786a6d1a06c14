import { AttemptError } from '../engine/attempt.error.js';
import type { EjectionPolicy } from '../policy/upstream-policy.js';
import { type Endpoint, labelOf, type Place } from './endpoint.js';
import { type DnsOptions, resolveName } from './resolve-name.js';
import { type Connection, Target } from './target.js';

export interface TargetsOptions<C extends Connection> {
  readonly upstream: string;
  readonly endpoints: readonly Endpoint[];
  /** False: names are taken as they are. */
  readonly isResolved: boolean;
  readonly open: (place: Place) => C;
  readonly eject: EjectionPolicy;
  readonly dns: DnsOptions;
  /** How often every target is asked whether it is well; undefined: never. */
  readonly checkEveryMs: number | undefined;
  /** Told of ejections, changed addresses and changed health, once each. */
  readonly onEvent: (text: string) => void;
}

/**
 * The addresses of one upstream. A call goes to the less busy of two random ones; one that fails again and again is
 * left alone for a while, as long as half of them remain. Names are resolved again as they are used.
 */
export class Targets<C extends Connection = Connection> {
  private endpoints: readonly Endpoint[];
  private places: readonly Place[] = [];
  private targets: readonly Target<C>[] = [];
  private byKey = new Map<string, Target<C>>();
  private resolving: Promise<void> | undefined;
  private resolvedAtMs = -Infinity;
  private readonly checks: NodeJS.Timeout | undefined;

  constructor(private readonly options: TargetsOptions<C>) {
    const { endpoints, checkEveryMs } = options;
    this.endpoints = endpoints;
    if (this.areFixed) this.useFixed();
    if (checkEveryMs === undefined) return;
    this.checks = setInterval(() => void this.checkAll(), checkEveryMs).unref();
    void this.checkAll();
  }

  get isReady(): boolean {
    return this.targets.length > 0;
  }

  /** Other endpoints: what stays keeps its sockets and its record, what is gone gets no further call. */
  moveTo(endpoints: readonly Endpoint[]): void {
    this.endpoints = endpoints;
    if (this.areFixed) return this.useFixed();
    // Also where the names of those that are new cannot be resolved now.
    this.use(this.places.filter((place) => endpoints.some((endpoint) => isAt(place, endpoint))));
    this.resolvedAtMs = performance.now();
    void this.refresh().catch(() => undefined);
  }

  get size(): number {
    return this.targets.length;
  }

  get all(): readonly Target<C>[] {
    return this.targets;
  }

  /** Resolves when at least one address is known; rejects as `unreachable`. */
  resolve(): Promise<void> {
    return this.refresh();
  }

  /** `avoid` are taken only when there is nothing else. Call only when ready. */
  pick(idempotent: boolean, avoid: readonly Target<C>[], nowMs: number): Target<C> {
    if (nowMs - this.resolvedAtMs > this.options.dns.refreshMs) void this.refresh().catch(() => undefined);
    const [only] = this.targets;
    if (this.targets.length === 1 && only !== undefined) return only;
    const usable = this.targets.filter((target) => target.isUsable(nowMs, idempotent));
    // Too few would only drown one after the other: better all of them, well or not.
    const candidates = usable.length * 2 < this.targets.length ? this.targets : usable;
    const fresh = candidates.filter((target) => !avoid.includes(target));
    return lessBusyOfTwo(fresh.length > 0 ? fresh : candidates);
  }

  onAnswer(target: Target<C>): void {
    target.succeed();
  }

  onFailure(target: Target<C>, nowMs: number): void {
    const { after, forMs } = this.options.eject;
    if (!target.fail(after) || target.isEjected(nowMs)) return;
    const ejected = this.targets.filter((one) => one.isEjected(nowMs)).length;
    if (ejected + 1 > this.targets.length / 2) return;
    target.eject(nowMs, forMs);
    this.options.onEvent(`${target.address} fails and is left alone for a while`);
  }

  async close(): Promise<void> {
    clearInterval(this.checks);
    await Promise.all(this.targets.map(({ connection }) => connection.close()));
  }

  private refresh(): Promise<void> {
    this.resolving ??= this.resolveAll().finally(() => (this.resolving = undefined));
    return this.resolving;
  }

  /** Names that cannot be resolved now keep the addresses they had. */
  private async resolveAll(): Promise<void> {
    const { upstream, dns } = this.options;
    const { endpoints } = this;
    this.resolvedAtMs = performance.now();
    const found = await Promise.allSettled(endpoints.map((endpoint) => this.placesOf(endpoint)));
    if (endpoints !== this.endpoints) return this.areFixed ? undefined : this.resolveAll();
    const [failed] = found.filter((result) => result.status === 'rejected');
    const places = found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
    if (failed === undefined) return this.use(places);
    if (this.isReady) return this.options.onEvent(`a name could not be resolved: ${codeOf(failed.reason)}`);
    if (places.length > 0) {
      this.use(places);
      this.resolvedAtMs = performance.now() - dns.refreshMs;
      return;
    }
    throw new AttemptError(upstream, 'unreachable', codeOf(failed.reason), { cause: failed.reason });
  }

  private async placesOf(endpoint: Endpoint): Promise<Place[]> {
    const replicas = await resolveName(endpoint.hostname, this.options.dns.servers);
    return replicas.map((addresses) => ({ ...endpoint, addresses }));
  }

  /** Opens what is new and closes what is gone; what stays keeps its sockets and its record. */
  private use(places: readonly Place[]): void {
    const before = this.byKey;
    this.places = places;
    this.byKey = new Map(places.map((place) => [keyOf(place), before.get(keyOf(place)) ?? this.open(place)]));
    this.targets = [...this.byKey.values()];
    for (const [key, target] of before) {
      if (!this.byKey.has(key)) void target.connection.close().catch(() => undefined);
    }
    const isChanged = before.size > 0 && [...this.byKey.keys()].join() !== [...before.keys()].join();
    if (isChanged) this.options.onEvent(`is now at ${this.targets.map(({ address }) => address).join(', ')}`);
  }

  private get areFixed(): boolean {
    return !this.options.isResolved || this.endpoints.every(isFixed);
  }

  private useFixed(): void {
    this.use(this.endpoints.map((endpoint) => ({ ...endpoint, addresses: undefined })));
    this.resolvedAtMs = Infinity;
  }

  private open(place: Place): Target<C> {
    return new Target(labelOf(place), this.options.open(place));
  }

  private async checkAll(): Promise<void> {
    if (!this.isReady) await this.refresh().catch(() => undefined);
    await Promise.all(this.targets.map((target) => this.check(target)));
  }

  private async check(target: Target<C>): Promise<void> {
    const isHealthy = (await target.connection.check?.().catch(() => false)) ?? true;
    if (isHealthy === target.healthy) return;
    target.healthy = isHealthy;
    this.options.onEvent(
      `${target.address} ${isHealthy ? 'is well again' : 'does not pass its health check'}`,
    );
  }
}

function isFixed({ hostname }: Endpoint): boolean {
  return /^[\d.]+$|:/.test(hostname);
}

function isAt(place: Place, { tls, hostname, port }: Endpoint): boolean {
  return place.tls === tls && place.hostname === hostname && place.port === port;
}

function keyOf({ tls, hostname, port, addresses }: Place): string {
  return `${tls ? 'tls ' : ''}${hostname}:${port} ${addresses?.join() ?? ''}`;
}

function lessBusyOfTwo<C extends Connection>(targets: readonly Target<C>[]): Target<C> {
  const first = Math.floor(Math.random() * targets.length);
  const second = (first + 1 + Math.floor(Math.random() * (targets.length - 1))) % targets.length;
  const [a, b] = [targets[first], targets[second]];
  if (a === undefined || b === undefined) throw new Error('an upstream without targets was asked for one');
  return b.inFlight < a.inFlight ? b : a;
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
}
