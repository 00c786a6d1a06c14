/** Who waits for whom among the sections of one load. A circle would wait until the deadline: it is refused. */
export class WaitGraph {
  private readonly waits = new Map<string, Set<string>>();

  constructor(private readonly view: string) {}

  /** Throws when `from` waiting for `to` would close a circle, and names its sections. */
  add(from: string, to: string): void {
    const back = this.pathBetween(to, from);
    if (back !== undefined) {
      throw new Error(`view ${this.view}: sections wait for each other: ${[from, ...back].join(' → ')}`);
    }
    this.waits.set(from, (this.waits.get(from) ?? new Set()).add(to));
  }

  private pathBetween(from: string, to: string): string[] | undefined {
    if (from === to) return [to];
    for (const next of this.waits.get(from) ?? []) {
      const rest = this.pathBetween(next, to);
      if (rest !== undefined) return [from, ...rest];
    }
    return undefined;
  }
}
