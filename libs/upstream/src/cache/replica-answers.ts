import { hash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type AnswerRecord, readRecord, writeRecord } from './answer-record.js';
import type { CachedRequest } from './cached-request.js';
import { inTime } from './in-time.js';
import type { ReplicaCache } from './replica-store.js';
import { everybody, type Owner, type StoredAnswer } from './stored-answer.js';

export interface ReplicaAnswersOptions extends ReplicaCache {
  /** The service and where it is: replicas that know it elsewhere share nothing. */
  readonly service: readonly string[];
  /** How long a call waits for the store; what comes later is not used. */
  readonly patienceMs: number;
  /** Whether there may be answers for everybody. */
  readonly forEverybody: boolean;
  /** Another replica has changed what this path shows. */
  readonly onChange: (path: string) => void;
  /** Another replica has purged what has one of these labels. */
  readonly onPurge: (labels: readonly string[]) => void;
  /** Others may have changed anything. */
  readonly onGap: () => void;
}

/** What the store has for a request, and what must not have changed meanwhile for an answer to be put there. */
export interface ReplicaPlace {
  readonly own: AnswerRecord | undefined;
  readonly everybodys: AnswerRecord | undefined;
  /** Undefined: the store has none for this path, and so no answer either. */
  readonly generation: string | undefined;
  /** After which purge. */
  readonly era: string;
}

const maxBodyBytes = 512 * 1024;
const maxTtlMs = 60 * 60_000;
/** Longer than any answer of it. */
const generationTtlMs = 2 * maxTtlMs;
/** At a time; beyond that answers stay with the replica that has them. */
const maxWrites = 64;
const maxUntold = 1_000;
/** Of what is written, so that replicas of two releases do not misunderstand each other. */
const version = 2;
/** No path begins like this. */
const purgeMark = '\n\n';
const Labels = z.array(z.string());

/**
 * The answers of one service that all replicas have in a store. A store that is slow or away has nothing and keeps
 * nothing; no call fails for it.
 *
 * A path has a generation, a new one with each change. An answer counts only as long as its path has the generation
 * that it had before the answer was asked for, so a change ends all answers of a path at once, whoever owns them and
 * wherever they come from; no clocks are compared. All answers have an era as well, a new one with each purge: what the
 * store has from before counts no more, since nobody knows which of it is meant.
 */
export class ReplicaAnswers {
  /** Looks into the store that found an answer, and those that it had no reply to in time. */
  readonly counts = { found: 0, late: 0 };
  private readonly self = randomUUID();
  private readonly subscription: Promise<{ close(): Promise<void> } | undefined>;
  /** Changed paths whose new generation the store does not know yet. */
  private readonly untold = new Set<string>();
  /** Labels of purges that the store does not know yet. */
  private unpurged: readonly string[] = [];
  private writes = 0;

  constructor(private readonly options: ReplicaAnswersOptions) {
    const onGap = (): void => {
      options.onGap();
      this.tellAgain();
    };
    this.subscription = options.store
      .subscribe(this.channel, (message) => this.hear(message), { onGap })
      .catch(() => undefined);
  }

  /** Undefined: the store could not be asked. */
  async find(request: CachedRequest): Promise<ReplicaPlace | undefined> {
    const { store, patienceMs, forEverybody } = this.options;
    const owners: Owner[] = forEverybody ? [request.identity, everybody] : [request.identity];
    const answers = owners.map((owner) => this.answerName(request, owner));
    const names = [this.eraName, this.pathName(request.path), ...answers];
    const isKnown = !this.untold.has(request.path) && this.unpurged.length === 0;
    const asked = store.isAvailable && isKnown;
    const texts = asked && (await inTime(patienceMs, Promise.all(names.map((name) => store.get(name)))));
    if (!texts) {
      this.counts.late += 1;
      if (store.isAvailable) this.tellAgain();
      return undefined;
    }
    this.tellAgain();
    const [era = '', generation, own, everybodys] = texts;
    if (generation === undefined) return { own: undefined, everybodys: undefined, generation, era };
    const place = {
      own: readRecord(own, inEra(era, generation)),
      everybodys: readRecord(everybodys, inEra(era, generation)),
      generation,
      era,
    };
    if ((place.own ?? place.everybodys) !== undefined) this.counts.found += 1;
    return place;
  }

  /** In the background. `place` is what was found before the answer was asked for. */
  keep(place: ReplicaPlace | undefined, stored: StoredAnswer, request: CachedRequest): void {
    const ttlMs = Math.min(stored.usefulMs, maxTtlMs);
    const { record } = stored;
    if (place === undefined || ttlMs < 1 || record.body.length > maxBodyBytes) return;
    if (this.writes >= maxWrites) return;
    this.writes += 1;
    const name = this.answerName(request, stored.owner);
    void this.write(request.path, place, name, record, ttlMs)
      .catch(() => undefined)
      .finally(() => (this.writes -= 1));
  }

  /** In the background: what is there for this owner serves no longer. */
  remove(request: CachedRequest, owner: Owner): void {
    if (!this.options.store.isAvailable) return;
    this.options.store.delete(this.answerName(request, owner)).catch(() => undefined);
  }

  /** Resolves when the store knows, so that whoever made the change sees it at every replica; at the latest in time. */
  async change(path: string): Promise<void> {
    await inTime(this.options.patienceMs, this.tell(path));
  }

  /** False: the store does not know in time, and is told later; until then this replica takes nothing from it. */
  async purge(labels: readonly string[]): Promise<boolean> {
    this.unpurged = [...new Set([...this.unpurged, ...labels])].slice(-maxUntold);
    return (await inTime(this.options.patienceMs, this.tellPurges())) ?? false;
  }

  async close(): Promise<void> {
    await (await this.subscription)?.close();
  }

  private async write(path: string, place: ReplicaPlace, name: string, record: AnswerRecord, ttlMs: number) {
    const { store } = this.options;
    const generation = place.generation ?? randomUUID();
    const pathName = this.pathName(path);
    const isUnchanged =
      place.generation === undefined
        ? await store.setIfAbsent(pathName, generation, generationTtlMs)
        : await store.compareAndSet(pathName, generation, generation, generationTtlMs);
    if (isUnchanged) await store.set(name, writeRecord(record, inEra(place.era, generation)), ttlMs);
  }

  private async tell(path: string): Promise<void> {
    const { store } = this.options;
    try {
      await store.set(this.pathName(path), randomUUID(), generationTtlMs);
      this.untold.delete(path);
    } catch {
      if (this.untold.size < maxUntold) this.untold.add(path);
    }
    await store.publish(this.channel, `${this.self}\n${path}`).catch(() => undefined);
  }

  private async tellPurges(): Promise<boolean> {
    const { store } = this.options;
    const labels = this.unpurged;
    await store.set(this.eraName, randomUUID(), generationTtlMs);
    await store.publish(this.channel, `${this.self}${purgeMark}${JSON.stringify(labels)}`);
    if (this.unpurged === labels) this.unpurged = [];
    return true;
  }

  private tellAgain(): void {
    if (this.unpurged.length > 0) this.tellPurges().catch(() => undefined);
    for (const path of this.untold) void this.tell(path);
  }

  private hear(message: string): void {
    const end = message.indexOf('\n');
    if (message.slice(0, end) === this.self) return;
    if (message.startsWith(purgeMark, end)) this.hearPurge(message.slice(end + purgeMark.length));
    else this.options.onChange(message.slice(end + 1));
  }

  private hearPurge(json: string): void {
    const labels = Labels.safeParse(JSON.parse(json)).data;
    if (labels === undefined) this.options.onGap();
    else this.options.onPurge(labels);
  }

  private get eraName(): string {
    return `cache:era:${this.fingerprint()}`;
  }

  private get channel(): string {
    return `cache:${this.fingerprint()}`;
  }

  private pathName(path: string): string {
    return `cache:path:${this.fingerprint(path)}`;
  }

  /** By all headers of the request, of which `Vary` is a part: so each name has one answer. */
  private answerName({ path, headers }: CachedRequest, owner: Owner): string {
    const asked = Object.entries(headers).toSorted(([one], [other]) => (one < other ? -1 : 1));
    const whose = owner === everybody ? ['everybody'] : ['identity', owner];
    return `cache:answer:${this.fingerprint(path, asked, whose)}`;
  }

  /** Identities may be tokens, and names of keys are seen by many. */
  private fingerprint(...parts: readonly unknown[]): string {
    const { gateway, service } = this.options;
    return hash('sha256', JSON.stringify([version, gateway, service, ...parts]), 'base64url');
  }
}

function inEra(era: string, generation: string): string {
  return `${era}/${generation}`;
}
