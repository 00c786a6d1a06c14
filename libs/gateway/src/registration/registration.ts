import type { JsonLogger, Readings } from '@bff/tracing';
import { type AddedUpstreams, UpstreamSettingError } from '@bff/upstream';
import { AnnouncementChannel } from './announcement-channel.js';
import { AnnouncedTable } from './announced-table.js';
import { describeLease, toService } from './announced-service.js';
import { Leases } from './leases.js';
import { readAnnouncement } from './read-announcement.js';
import { Refusals } from './refusals.js';
import { Refusal } from './refusal.error.js';
import type { RegistrationConfig } from './registration-config.js';

interface RegistrationOptions {
  readonly gateway: string;
  readonly upstreams: AddedUpstreams;
  readonly logger: JsonLogger;
  /** From the next request on. Undefined: nobody is there. */
  readonly use: (table: AnnouncedTable | undefined) => void;
}

/** Announcements that wait to be read; what comes beyond them is refused unread. */
const maxWaiting = 1_000;
const longestTimerMs = 2 ** 31 - 1;

/** Services that announce themselves while the gateway runs: heard, checked, served, and forgotten when they are gone. */
export class Registration {
  private readonly leases = new Leases();
  private readonly refusals: Refusals;
  private config: RegistrationConfig = { redisUrl: undefined, issuers: {} };
  private channel: AnnouncementChannel | undefined;
  private reading: Promise<void> = Promise.resolve();
  private waiting = 0;
  private serving: ReadonlySet<string> = new Set();
  private expiry: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly options: RegistrationOptions) {
    this.refusals = new Refusals(options.logger);
  }

  /** What is wrong with how services would be called. */
  mistakesOf({ issuers }: RegistrationConfig): string[] {
    return Object.entries(issuers).flatMap(([name, { policy }]) => {
      try {
        this.options.upstreams.check(name, { ...policy, url: 'http://127.0.0.1' });
        return [];
      } catch (error) {
        if (!(error instanceof UpstreamSettingError)) throw error;
        const where = error.setting === undefined ? '' : `.upstream.${error.setting}`;
        return [`registration.issuers.${name}${where}: ${error.mistake}`];
      }
    });
  }

  /** Goes by it from now on; who might not come in any more is out at once. */
  configure(config: RegistrationConfig): void {
    const isElsewhere = config.redisUrl !== this.config.redisUrl;
    this.config = config;
    for (const refusal of this.leases.configure(config.issuers)) this.refusals.add(refusal);
    if (this.serving.size > 0) this.serve();
    if (!isElsewhere) return;
    void this.channel?.close();
    this.channel = config.redisUrl === undefined ? undefined : this.listen(config.redisUrl);
  }

  /** For operators: who is there, by the name of the upstream. */
  describe(): ReadonlyMap<string, readonly object[]> {
    return new Map([...this.leases.all].map(([issuer, leases]) => [issuer, leases.map(describeLease)]));
  }

  readRefused(): Readings {
    return this.refusals.read();
  }

  readLeases(): Readings {
    const { all } = this.leases;
    return Object.keys(this.config.issuers).map(
      (issuer) => [{ issuer }, all.get(issuer)?.length ?? 0] as const,
    );
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.expiry);
    await this.channel?.close();
  }

  private listen(redisUrl: string): AnnouncementChannel {
    return new AnnouncementChannel(
      redisUrl,
      (text) => this.hear(text),
      (isAvailable, why) =>
        this.options.logger.warn(
          `announcements ${isAvailable ? 'are heard again' : 'are not heard'}: ${why}`,
        ),
    );
  }

  /** One after the other: a goodbye must not come before what it ends. */
  private hear(text: string): void {
    if (this.waiting >= maxWaiting)
      return this.refusals.add(new Refusal('too_many_announcements', `${maxWaiting} wait to be read`));
    this.waiting += 1;
    this.reading = this.reading.then(() => this.read(text)).finally(() => (this.waiting -= 1));
  }

  private async read(text: string): Promise<void> {
    try {
      const { issuers } = this.config;
      const signed = await readAnnouncement(text, {
        issuers,
        gateway: this.options.gateway,
        nowMs: Date.now(),
      });
      if (this.isClosed) return;
      this.expire();
      if (this.leases.take(signed, Date.now())) this.serve();
      else this.await();
    } catch (error) {
      if (error instanceof Refusal) this.refusals.add(error);
      else this.options.logger.error(error);
    }
  }

  private expire(): void {
    if (this.leases.expire(Date.now())) this.serve();
    else this.await();
  }

  /** The next end of a lease. */
  private await(): void {
    clearTimeout(this.expiry);
    const { nextEndMs } = this.leases;
    if (nextEndMs === undefined || this.isClosed) return;
    const inMs = Math.min(Math.max(1, nextEndMs - Date.now()), longestTimerMs);
    this.expiry = setTimeout(() => this.expire(), inMs).unref();
  }

  private serve(): void {
    const { gateway, upstreams, logger, use } = this.options;
    const services = [...this.leases.all].map(([issuer, leases]) => toService(issuer, leases));
    const open = ({ issuer, url }: (typeof services)[number]) => {
      const policy = this.config.issuers[issuer]?.policy;
      if (policy === undefined) throw new Error(`${issuer} has a lease and no place in the configuration`);
      return upstreams.put(issuer, { ...policy, url });
    };
    const isOwner = (issuer: string, keys: readonly string[]) => this.leases.isOwner(issuer, keys);
    use(services.length === 0 ? undefined : new AnnouncedTable({ gateway, services, open, isOwner }));
    const names = new Set(services.map(({ issuer }) => issuer));
    for (const name of this.serving) if (!names.has(name)) upstreams.remove(name);
    this.serving = names;
    const told = services.map(({ issuer, url, routes, leases }) => ({
      issuer,
      targets: url,
      instances: leases.length,
      routes: routes.map(({ name }) => name),
    }));
    logger.event('info', { registration: 'serving', services: told }, 'announced services have changed');
    this.await();
  }
}
