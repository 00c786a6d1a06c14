import { type ProxyRoute, routeClashes } from '@bff/proxy';
import type { Signed } from './read-announcement.js';
import type { IssuerConfig, Issuers } from './registration-config.js';
import { Prefixes } from './prefixes.js';
import { Refusal } from './refusal.error.js';
import { allowsTarget, readTarget } from './target-pattern.js';

/** One instance of a service, for as long as it is believed to be there. */
export interface Lease extends Signed {
  readonly endsAtMs: number;
}

/** Of an instance, also for a while after its lease: what it said before must not count again. */
interface Heard {
  readonly seq: number;
  readonly forgetAtMs: number;
}

/** Per service; more instances than that in one lease time are none. */
const maxHeard = 1_000;

/** Who is there. Times are those of the gateway's clock, in ms since 1970. */
export class Leases {
  private issuers: Issuers = {};
  private prefixes = new Prefixes({});
  private readonly leases = new Map<string, Map<string, Lease>>();
  private readonly heard = new Map<string, Map<string, Heard>>();

  /** By service, in the order in which their instances came. */
  get all(): ReadonlyMap<string, readonly Lease[]> {
    return new Map([...this.leases].map(([issuer, leases]) => [issuer, [...leases.values()]]));
  }

  /** Undefined: there are none. */
  get nextEndMs(): number | undefined {
    const ends = [...this.leases.values()].flatMap((leases) =>
      [...leases.values()].map((one) => one.endsAtMs),
    );
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  /** True: something other than the end of a lease has changed. Throws Refusal, and nothing has changed then. */
  take(signed: Signed, nowMs: number): boolean {
    const { iss, instance, health, seq, exp, iat } = signed.announcement;
    const { known, heard } = this.placesOf(iss);
    const before = heard.get(instance);
    if (before !== undefined && before.seq >= seq)
      throw new Refusal('replayed', `${instance}: ${seq} again`, iss);
    if (health !== 'gone') this.check(signed);
    if (before === undefined) this.makeRoom(iss, heard, nowMs);
    const endsAtMs = Math.min(exp * 1_000, nowMs + (exp - iat) * 1_000);
    heard.set(instance, { seq, forgetAtMs: Math.max(exp * 1_000, before?.forgetAtMs ?? 0) });
    if (health === 'gone') return this.drop(iss, instance);
    const lease = known.get(instance);
    known.set(instance, { ...signed, endsAtMs });
    this.leases.set(iss, known);
    return lease === undefined || !saysTheSame(lease, signed);
  }

  /** Takes away what is over. True: there was something. */
  expire(nowMs: number): boolean {
    let isChanged = false;
    for (const [issuer, leases] of this.leases)
      for (const [instance, { endsAtMs }] of leases)
        if (endsAtMs <= nowMs) isChanged = this.drop(issuer, instance) || isChanged;
    return isChanged;
  }

  /** Others may announce themselves now. Returns why leases are over that would not be given any more. */
  configure(issuers: Issuers): Refusal[] {
    this.issuers = issuers;
    this.prefixes = new Prefixes(issuers);
    const refusals: Refusal[] = [];
    for (const [issuer, leases] of this.leases)
      for (const [instance, lease] of leases) {
        const refusal = this.findRefusal(issuer, lease);
        if (refusal === undefined) continue;
        this.drop(issuer, instance);
        refusals.push(refusal);
      }
    return refusals;
  }

  /** Whether a path, by its segments, is the service's and nobody's who is nearer to it. */
  isOwner(issuer: string, keys: readonly string[]): boolean {
    return this.prefixes.isOwner(issuer, keys);
  }

  private findRefusal(issuer: string, lease: Lease): Refusal | undefined {
    const keys = Object.hasOwn(this.issuers, issuer) ? this.issuers[issuer]?.keys : undefined;
    if (!keys?.some(({ id }) => id === lease.keyId))
      return new Refusal('bad_signature', 'its key has been revoked', issuer);
    try {
      this.check(lease);
      return undefined;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  private check({ announcement, routes }: Signed): void {
    const { iss, instance, targets } = announcement;
    const issuer = this.issuers[iss];
    if (issuer === undefined) throw new Refusal('unknown_issuer', `"${iss}"`, iss);
    const { maxRoutes, maxInstances, mayBePublic } = issuer;
    if (routes.length > maxRoutes)
      throw new Refusal('too_many_routes', `${routes.length}, of ${maxRoutes} at most`, iss);
    const open = routes.find(({ access }) => access === 'public');
    if (open !== undefined && !mayBePublic)
      throw new Refusal('public_not_allowed', `${open.name} would be for anybody`, iss);
    const stray = routes.find(({ match }) => !this.prefixes.covers(iss, match.path));
    if (stray !== undefined)
      throw new Refusal('path_not_allowed', `${stray.match.path.text} is not below a prefix of its own`, iss);
    const others = [...(this.leases.get(iss)?.values() ?? [])].filter(
      (one) => one.announcement.instance !== instance,
    );
    checkTargets(iss, targets, issuer, others);
    if (others.length >= maxInstances)
      throw new Refusal('too_many_instances', `${others.length} are there`, iss);
    this.checkTaken(iss, routes);
  }

  /** Who came first keeps it, for as long as its lease is renewed. */
  private checkTaken(issuer: string, routes: readonly ProxyRoute[]): void {
    for (const [other, leases] of this.leases) {
      if (other === issuer) continue;
      for (const lease of leases.values()) {
        const [clash] = routeClashes([...lease.routes, ...routes]);
        if (clash !== undefined) throw new Refusal('path_taken', clash.message, issuer);
      }
    }
  }

  private placesOf(issuer: string) {
    const heard = this.heard.get(issuer) ?? new Map<string, Heard>();
    this.heard.set(issuer, heard);
    return { known: this.leases.get(issuer) ?? new Map<string, Lease>(), heard };
  }

  private makeRoom(issuer: string, heard: Map<string, Heard>, nowMs: number): void {
    for (const [instance, { forgetAtMs }] of heard) if (forgetAtMs <= nowMs) heard.delete(instance);
    if (heard.size >= maxHeard)
      throw new Refusal('too_many_instances', `${heard.size} in one lease time`, issuer);
  }

  private drop(issuer: string, instance: string): boolean {
    const leases = this.leases.get(issuer);
    const isThere = leases?.delete(instance) ?? false;
    if (leases?.size === 0) this.leases.delete(issuer);
    return isThere;
  }
}

function checkTargets(
  issuer: string,
  targets: readonly string[],
  { targets: patterns }: IssuerConfig,
  others: readonly Lease[],
): void {
  const theirs = others.flatMap(({ announcement }) => announcement.targets);
  const protocol = URL.parse(theirs[0] ?? targets[0] ?? '')?.protocol;
  for (const text of targets) {
    const target = readTarget(text);
    if (target === undefined || !patterns.some((pattern) => allowsTarget(pattern, target)))
      throw new Refusal('target_not_allowed', `"${text}"`, issuer);
    if (target.protocol !== protocol)
      throw new Refusal('target_not_allowed', `"${text}": all targets of a service use TLS, or none`, issuer);
  }
}

function saysTheSame({ announcement: one }: Signed, { announcement: other }: Signed): boolean {
  const said = ({ health, targets, routes }: Signed['announcement']) =>
    JSON.stringify([health, targets, routes]);
  return said(one) === said(other);
}
