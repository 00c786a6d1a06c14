import { createHash } from 'node:crypto';

/**
 * Names of what becomes of an answer: the service's own with a mark of the rules behind them, so that a name never
 * stands for other bytes when the rules change, and a condition of the caller can be told to the service.
 */
export class EntityTags {
  private readonly mark: string;

  /** `rules`: all that the bytes depend on, beside those of the service. */
  constructor(rules: object) {
    this.mark = `-${createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 8)}`;
  }

  /** Undefined: it is no entity tag. */
  toCaller(tag: string): string | undefined {
    return /^(?:W\/)?"[^"]*"$/.test(tag) ? `${tag.slice(0, -1)}${this.mark}"` : undefined;
  }

  /** Those of `If-None-Match` that are ours, as the service knows them; undefined: none are. */
  toService(list: string): string | undefined {
    if (list.trim() === '*') return list;
    const end = `${this.mark}"`;
    const ours = tagsOf(list).filter((tag) => tag.endsWith(end));
    return ours.length === 0 ? undefined : ours.map((tag) => `${tag.slice(0, -end.length)}"`).join(', ');
  }

  /** Those of `If-Match`: what is not ours stays, so that a condition never becomes none. */
  toServiceOrSame(list: string): string {
    return this.toService(list) ?? list;
  }
}

function tagsOf(list: string): readonly string[] {
  return list.match(/(?:W\/)?"[^"]*"/g) ?? [];
}
