export type Listener = (message: string) => void;

interface Hearer {
  readonly listener: Listener;
  readonly onGap: (() => void) | undefined;
}

/** Who listens to what in this process. */
export class Channels {
  private readonly hearers = new Map<string, Set<Hearer>>();

  get names(): string[] {
    return [...this.hearers.keys()];
  }

  has(channel: string): boolean {
    return this.hearers.has(channel);
  }

  /** Gives what takes the listener away again. */
  add(channel: string, listener: Listener, onGap?: () => void): () => void {
    const hearer: Hearer = { listener, onGap };
    const hearers = this.hearers.get(channel) ?? new Set();
    this.hearers.set(channel, hearers.add(hearer));
    return () => {
      hearers.delete(hearer);
      if (hearers.size === 0 && this.hearers.get(channel) === hearers) this.hearers.delete(channel);
    };
  }

  tell(channel: string, message: string): void {
    for (const { listener } of this.hearers.get(channel) ?? []) call(() => listener(message));
  }

  tellGap(): void {
    for (const hearers of this.hearers.values()) for (const { onGap } of hearers) call(() => onGap?.());
  }

  clear(): void {
    this.hearers.clear();
  }
}

/** One that throws keeps nothing from the others. */
function call(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    process.emitWarning(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}
