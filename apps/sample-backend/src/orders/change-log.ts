import { randomBytes } from 'node:crypto';

import { readChangeToken, toChangeToken, type ChangePosition } from './change-token.js';

/** An order at its last change. */
interface Change {
  readonly sequence: number;
  readonly isDeleted: boolean;
}

export interface ChangePage {
  /** In the order of their last changes. */
  readonly changedIds: readonly number[];
  readonly deletedIds: readonly number[];
  readonly next: string;
  readonly more: boolean;
}

/** What is told of an order that is gone, and for how many of them. */
const defaultTombstones = 1_000;

/**
 * What changed for one user, in order: each order once, at its last change, so that who reads on from where he was
 * misses nothing and is told nothing twice that did not change twice. Of orders that are gone the last ones are kept.
 */
export class ChangeLog {
  /** Sequences of one log mean nothing in another. */
  private readonly id = randomBytes(6).toString('base64url');
  /** By order; the one that changed last comes last. */
  private readonly changes = new Map<number, Change>();
  private sequence = 0;
  /** Deletions up to here may be forgotten. */
  private forgotten = 0;

  constructor(private readonly tombstones = defaultTombstones) {}

  changed(orderId: number): void {
    this.note(orderId, false);
  }

  deleted(orderId: number): void {
    this.note(orderId, true);
    const gone = [...this.changes].filter(([, { isDeleted }]) => isDeleted);
    for (const [id, { sequence }] of gone.slice(0, -this.tombstones)) {
      this.changes.delete(id);
      this.forgotten = sequence;
    }
  }

  /**
   * Undefined: `since` is too old. Throws CallError on a token that no log gave out. `since` is empty for everything that
   * there is; nobody has to be told then of what was deleted before.
   */
  read(since: string, limit: number): ChangePage | undefined {
    const from = since === '' ? { log: this.id, at: 0, toldUpTo: this.sequence } : readChangeToken(since);
    const toldUpTo = Math.max(from.toldUpTo, from.at);
    if (from.log !== this.id || toldUpTo < this.forgotten || toldUpTo > this.sequence) return undefined;
    const found = [...this.changes].filter(
      ([, { sequence, isDeleted }]) => sequence > (isDeleted ? toldUpTo : from.at),
    );
    const page = found.slice(0, limit);
    const more = found.length > page.length;
    const last = page.at(-1)?.[1].sequence ?? from.at;
    const position: ChangePosition = more
      ? { log: this.id, at: last, toldUpTo }
      : { log: this.id, at: Math.max(last, toldUpTo), toldUpTo: 0 };
    const idsOf = (wanted: boolean) =>
      page.filter(([, { isDeleted }]) => isDeleted === wanted).map(([id]) => id);
    return { changedIds: idsOf(false), deletedIds: idsOf(true), next: toChangeToken(position), more };
  }

  private note(orderId: number, isDeleted: boolean): void {
    this.changes.delete(orderId);
    this.changes.set(orderId, { sequence: (this.sequence += 1), isDeleted });
  }
}
