import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Store, Subscription } from '@bff/store';
import { AUTH_OPTIONS } from '../auth.options.js';

/** Why a session is over. */
export const endReasons = [
  'logout',
  'ended_elsewhere',
  'replaced',
  'provider',
  'revoked',
  'expired',
] as const;
export type EndReason = (typeof endReasons)[number];

type Listener = (reason: EndReason) => void;

const channel = 'session-ends';

/** Tells every replica that a session has ended, and those in this process who wait for it. */
@Injectable()
export class SessionEnds implements OnModuleInit, OnApplicationShutdown {
  private readonly store: Store;
  private readonly listeners = new Map<string, Set<Listener>>();
  private subscription: Subscription | undefined;

  constructor(@Inject(AUTH_OPTIONS) { store }: { readonly store: Store }) {
    this.store = store;
  }

  /** Not waited for: a store that is away must not keep a gateway from starting. */
  onModuleInit(): void {
    // It fails where the store is closed already: the gateway is on its way out.
    this.subscribe().catch(() => undefined);
  }

  /** Reaches those who listen soon, and not for certain: they also look for themselves from time to time. */
  async tell(key: string, reason: EndReason): Promise<void> {
    this.hear(key, reason);
    await this.store.publish(channel, `${key} ${reason}`).catch(() => undefined);
  }

  /** Returns what stops it. */
  listen(key: string, listener: Listener): () => void {
    const listeners = this.listeners.get(key) ?? new Set();
    this.listeners.set(key, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.listeners.get(key) === listeners) this.listeners.delete(key);
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.subscription?.close();
  }

  private async subscribe(): Promise<void> {
    this.subscription = await this.store.subscribe(channel, (message) => {
      const [key = '', reason = 'ended_elsewhere'] = message.split(' ');
      this.hear(key, reason as EndReason);
    });
  }

  private hear(key: string, reason: EndReason): void {
    const listeners = this.listeners.get(key);
    this.listeners.delete(key);
    for (const listener of listeners ?? []) listener(reason);
  }
}
