import type { Readings } from '@bff/tracing';

type Labels = Readonly<Record<string, string>>;

/** Counts by labels that callers can make up: so many have a line of their own, what comes after these counts together. */
export class BoundedCounts<L extends Labels> {
  private readonly counts = new Map<string, { readonly labels: L; value: number }>();

  /** `others`: the labels of what comes too late, which are always counted. */
  constructor(
    private readonly most: number,
    private readonly others: (labels: L) => L,
  ) {}

  count(labels: L): void {
    const key = keyOf(labels);
    const counted = this.counts.get(key);
    if (counted !== undefined) return void (counted.value += 1);
    const others = this.others(labels);
    if (this.counts.size < this.most || keyOf(others) === key) this.counts.set(key, { labels, value: 1 });
    else this.count(others);
  }

  *read(): Readings {
    for (const { labels, value } of this.counts.values()) yield [labels, value];
  }
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.values(labels));
}
