const pathsRemembered = 1_000;

/**
 * Which paths were changed when, so that an answer that was asked for before a change is not stored after it.
 * Remembers the last thousand paths; of others it says that they changed when it cannot know.
 */
export class RecentChanges {
  private readonly changedAt = new Map<string, number>();
  private forgottenAt = 0;
  /** Counts changes: a moment that `isChangedSince` understands. */
  count = 0;

  add(path: string): void {
    this.count += 1;
    this.changedAt.delete(path);
    this.changedAt.set(path, this.count);
    if (this.changedAt.size > pathsRemembered) this.forgetOldest();
  }

  /** Anything may have changed. */
  addAll(): void {
    this.count += 1;
    this.forgottenAt = this.count;
    this.changedAt.clear();
  }

  isChangedSince(path: string, count: number): boolean {
    return count < this.forgottenAt || (this.changedAt.get(path) ?? 0) > count;
  }

  private forgetOldest(): void {
    for (const [path, count] of this.changedAt) {
      this.forgottenAt = count;
      this.changedAt.delete(path);
      return;
    }
  }
}
