import type { Readings } from '@bff/tracing';

export type KeyedOutcome =
  'first' | 'replayed' | 'in_use' | 'reused' | 'passed_without_store' | 'refused_without_store';

interface Labels extends Record<string, string> {
  readonly route: string;
  readonly outcome: KeyedOutcome;
}

/** The calls with a key that this process has: what became of them, and how many of them run. */
export class KeyedCalls {
  /** As many as there are actions, times the outcomes. */
  private readonly counts = new Map<string, { readonly labels: Labels; value: number }>();
  private running = 0;
  private waiting: (() => void)[] = [];

  count(route: string, outcome: KeyedOutcome): void {
    const key = `${outcome} ${route}`;
    const counted = this.counts.get(key);
    if (counted === undefined) this.counts.set(key, { labels: { route, outcome }, value: 1 });
    else counted.value += 1;
  }

  *read(): Readings {
    for (const { labels, value } of this.counts.values()) yield [labels, value];
  }

  /** Returns what is to be called, once, when it has come to its end. */
  begin(): () => void {
    this.running += 1;
    return () => this.end();
  }

  /** Resolves when none runs: also those have come to their end, and are kept, whose callers have gone. */
  async idle(): Promise<void> {
    if (this.running > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private end(): void {
    this.running -= 1;
    if (this.running > 0) return;
    for (const resolve of this.waiting) resolve();
    this.waiting = [];
  }
}
