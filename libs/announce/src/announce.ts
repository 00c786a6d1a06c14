import { randomUUID } from 'node:crypto';
import { createStore, type Store } from '@bff/store';
import { SignJWT } from 'jose';
import {
  Announcement,
  type AnnouncedRoute,
  announcementsChannel,
  announcementType,
  type Health,
  maxAnnouncementBytes,
  questionsChannel,
} from './announcement.js';
import { type PrivateKey, readSigningKey, type SigningKey } from './signing-key.js';

export interface AnnounceOptions {
  /** URL of the Redis that the gateways listen to. */
  readonly redis: string;
  /** What the gateways know the service by. */
  readonly issuer: string;
  readonly privateKey: PrivateKey;
  /** Where this instance is: `http://10.1.2.3:8080`. */
  readonly targets: readonly string[];
  readonly routes: readonly AnnouncedRoute[];
  /** How long gateways go on after the last they heard. 15 unless told otherwise. */
  readonly leaseSeconds?: number | undefined;
  /** Of this process, never that of another one. Default: a random one. */
  readonly instance?: string | undefined;
  /** An announcement that did not get out; the next one is tried all the same. */
  readonly onError?: ((error: Error) => void) | undefined;
}

export interface Announcing extends AsyncDisposable {
  /** Gateways turn to other instances, where there are any. */
  drain(): Promise<void>;
  /** Says goodbye: gateways turn away at once. Never rejects. */
  close(): Promise<void>;
}

/** A gateway that asks is answered within this time, and so are all others that ask in it. */
const answerWithinMs = 200;
const renewalsPerLease = 3;
const defaultLeaseSeconds = 15;

/**
 * Announces this instance to all gateways that listen there, until it is closed. Rejects when it is told nonsense; that
 * Redis is away goes to `onError`, and heals by itself.
 */
export async function announce(options: AnnounceOptions): Promise<Announcing> {
  const { leaseSeconds = defaultLeaseSeconds, instance = randomUUID() } = options;
  const key = readSigningKey(options.privateKey);
  const voice = new Voice(options, { leaseSeconds, instance, key });
  await voice.check();
  return voice.start(createStore({ url: options.redis }));
}

interface Settled {
  readonly leaseSeconds: number;
  readonly instance: string;
  readonly key: SigningKey;
}

class Voice {
  private health: Health = 'ok';
  private seq = 0;
  private answering: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: AnnounceOptions,
    private readonly settled: Settled,
  ) {}

  /** Throws what would be refused everywhere. */
  async check(): Promise<void> {
    const bytes = Buffer.byteLength(await this.sign());
    if (bytes > maxAnnouncementBytes)
      throw new Error(`the announcement has ${bytes} bytes, of ${maxAnnouncementBytes} at most`);
  }

  async start(store: Store): Promise<Announcing> {
    const say = () => this.say(store);
    // Several gateways may ask at one time, and one answer is for all.
    const answer = (): void => {
      this.answering ??= setTimeout(() => {
        this.answering = undefined;
        void say();
      }, Math.random() * answerWithinMs);
    };
    const questions = await store.subscribe(questionsChannel, answer, { onGap: answer });
    const renewals = setInterval(() => void say(), (this.settled.leaseSeconds * 1_000) / renewalsPerLease);
    await say();
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> =>
      (closing ??= (async () => {
        clearInterval(renewals);
        await questions.close();
        clearTimeout(this.answering);
        this.health = 'gone';
        await say();
        await store.close();
      })());
    const drain = async (): Promise<void> => {
      if (closing !== undefined) return closing;
      this.health = 'draining';
      await say();
    };
    return { drain, close, [Symbol.asyncDispose]: close };
  }

  private async say(store: Store): Promise<void> {
    try {
      await store.publish(announcementsChannel, await this.sign());
    } catch (error) {
      this.options.onError?.(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private sign(): Promise<string> {
    const { issuer, targets, routes } = this.options;
    const { leaseSeconds, instance, key } = this.settled;
    const iat = Math.floor(Date.now() / 1_000);
    // An instance that begins anew under its name goes on above what it said before.
    this.seq = Math.max(this.seq + 1, Date.now());
    const claims = Announcement.parse({
      iss: issuer,
      iat,
      exp: iat + leaseSeconds,
      jti: randomUUID(),
      instance,
      seq: this.seq,
      health: this.health,
      targets,
      routes,
    });
    return new SignJWT(claims).setProtectedHeader({ alg: key.alg, typ: announcementType }).sign(key.key);
  }
}
