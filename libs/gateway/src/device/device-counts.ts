import type { Device } from '@bff/context';
import type { Readings } from '@bff/tracing';

/** So many kinds of devices have a line of their own; those that come later are `others`. */
const maxKinds = 200;

interface Kind {
  readonly labels: Readonly<Record<string, string>>;
  count: number;
}

/** How many requests came from which kind of device: platform, main version of the app, network. */
export class DeviceCounts {
  private readonly kinds = new Map<string, Kind>();
  private readonly wrong = new Map<string, number>();

  count({ platform = 'unknown', appVersion = 'unknown', network }: Device): void {
    const labels = { platform, app: appVersion.replace(/\..*/, ''), network: network ?? 'unknown' };
    this.kindOf(labels).count += 1;
  }

  /** A header that makes no sense. */
  countWrong(fact: keyof Device): void {
    this.wrong.set(fact, (this.wrong.get(fact) ?? 0) + 1);
  }

  *read(): Readings {
    for (const { labels, count } of this.kinds.values()) yield [labels, count];
  }

  *readWrong(): Readings {
    for (const [fact, count] of this.wrong) yield [{ fact }, count];
  }

  private kindOf(labels: Readonly<Record<string, string>>): Kind {
    const key = Object.values(labels).join(' ');
    const known = this.kinds.get(key);
    if (known !== undefined) return known;
    if (this.kinds.size >= maxKinds && labels['platform'] !== 'others')
      return this.kindOf({ platform: 'others', app: 'others', network: 'others' });
    const kind = { labels, count: 0 };
    this.kinds.set(key, kind);
    return kind;
  }
}
