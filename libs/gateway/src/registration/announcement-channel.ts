import { setTimeout as sleep } from 'node:timers/promises';
import { announcementsChannel, questionsChannel } from '@bff/announce';
import { createStore, type Store } from '@bff/store';

/** Until Redis takes the question. */
const askAgainMs = 250;

/** Hears what services announce, in the order in which they do, and asks who is there whenever some may have been missed. */
export class AnnouncementChannel {
  private readonly store: Store;
  private readonly ending = new AbortController();
  private asking: Promise<void> | undefined;

  constructor(
    redisUrl: string,
    hear: (text: string) => void,
    onChange: (isAvailable: boolean, why: string) => void,
  ) {
    this.store = createStore({ url: redisUrl, onChange });
    const ask = (): void => void (this.asking ??= this.ask().finally(() => (this.asking = undefined)));
    // Where Redis is away the subscription is made once it is back, and then `onGap` is called.
    void this.store.subscribe(announcementsChannel, hear, { onGap: ask }).then(ask, () => undefined);
  }

  async close(): Promise<void> {
    this.ending.abort();
    await this.store.close();
  }

  private async ask(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        return await this.store.publish(questionsChannel, '');
      } catch {
        await sleep(askAgainMs, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  }
}
