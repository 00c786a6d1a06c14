import { AsyncLocalStorage } from 'node:async_hooks';
import { describeFailure } from './redis-failure.js';
import { toReconnectDelayMs } from './reconnect-delay.js';
import { within } from './within.js';

/** What RedisLink needs of a client of ioredis that lives once. */
export interface LinkClient {
  connect(): Promise<void>;
  disconnect(): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
  /** `connect`: there is a connection, on which nothing was said so far. */
  once(event: 'connect' | 'end', listener: () => void): unknown;
}

export interface LinkRecipe<Client extends LinkClient> {
  open(): Client;
  /** Rejects when it is no use. Asked once it is connected, and again every second. */
  check(client: Client): Promise<unknown>;
  /** For all it takes to connect. */
  readonly connectTimeoutMs: number;
  /** For the first word on a connection. */
  readonly stepTimeoutMs: number;
  readonly checkTimeoutMs: number;
  onUp(client: Client): void;
  /** A connection was lost or did not come about. */
  onDown(why: string): void;
}

const checkEveryMs = 1_000;
/** A connection is everybody's: whose command opened it, or showed that it is lost, is nothing to what follows. */
const asNobody = AsyncLocalStorage.snapshot();

/** Keeps one client connected: what does not answer is cut off, and opened anew until it does. */
export class RedisLink<Client extends LinkClient> {
  /** Undefined: it is known not to answer, or was never reached so far. */
  client: Client | undefined;
  /** Resolves when the first attempt to connect has come to an end, whichever. */
  readonly tried: Promise<void>;
  private endTrying: () => void = () => undefined;
  private current: Client | undefined;
  private failures = 0;
  private checks: NodeJS.Timeout | undefined;
  private reopening: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(private readonly recipe: LinkRecipe<Client>) {
    this.tried = new Promise((resolve) => (this.endTrying = resolve));
    asNobody(() => this.open());
  }

  /** It does not answer as it should. Commands that it has are rejected, and so are others until another one answers. */
  lose(client: Client, why: string): void {
    if (client === this.current) asNobody(() => this.giveUp(client, why));
  }

  /** Takes leave of a client that answers, first. Never rejects. */
  async close(leave: (client: Client) => Promise<unknown>): Promise<void> {
    const { client } = this;
    this.isClosed = true;
    this.client = undefined;
    clearTimeout(this.reopening);
    if (client !== undefined)
      await within(this.recipe.checkTimeoutMs, 'no answer', leave(client)).catch(() => undefined);
    if (this.current !== undefined) this.lose(this.current, 'it is closed');
  }

  private giveUp(client: Client, why: string): void {
    this.current = this.client = undefined;
    clearInterval(this.checks);
    client.disconnect();
    this.endTrying();
    if (this.isClosed) return;
    this.reopening = setTimeout(() => this.open(), toReconnectDelayMs(this.failures));
    this.failures += 1;
    this.recipe.onDown(why);
  }

  private open(): void {
    const { recipe } = this;
    const client = recipe.open();
    this.current = client;
    // What rejects says less: that the connection is closed.
    let reason: string | undefined;
    client.on('error', (error) => (reason = describeFailure(error)));
    client.once('end', () => this.lose(client, reason ?? 'the connection was closed'));
    const fail = (error: unknown): void => this.lose(client, reason ?? describeFailure(error));
    const connected = client.connect();
    client.once('connect', () => {
      within(recipe.stepTimeoutMs, 'no answer', connected).catch(fail);
    });
    const checked = connected.then(() => within(recipe.checkTimeoutMs, 'no answer', recipe.check(client)));
    within(recipe.connectTimeoutMs, 'no connection', checked).then(() => this.up(client), fail);
  }

  private up(client: Client): void {
    if (client !== this.current) return;
    this.client = client;
    this.checks = setInterval(() => void this.checkAgain(client), checkEveryMs);
    this.endTrying();
    this.recipe.onUp(client);
  }

  private async checkAgain(client: Client): Promise<void> {
    try {
      await within(this.recipe.checkTimeoutMs, 'no answer', this.recipe.check(client));
      this.failures = 0;
    } catch (error) {
      this.lose(client, describeFailure(error));
    }
  }
}
