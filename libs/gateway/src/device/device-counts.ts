import type { Device } from '@bff/context';
import type { Readings } from '@bff/tracing';
import { BoundedCounts } from '../management/bounded-counts.js';

/** So many kinds of devices have a line of their own; those that come later are `others`. */
const maxKinds = 200;
const others = { platform: 'others', app: 'others', network: 'others' };

/** How many requests came from which kind of device: platform, main version of the app, network. */
export class DeviceCounts {
  private readonly kinds = new BoundedCounts<typeof others>(maxKinds, () => others);
  private readonly wrong = new Map<string, number>();

  count({ platform = 'unknown', appVersion = 'unknown', network }: Device): void {
    this.kinds.count({ platform, app: appVersion.replace(/\..*/, ''), network: network ?? 'unknown' });
  }

  /** A header that makes no sense. */
  countWrong(fact: keyof Device): void {
    this.wrong.set(fact, (this.wrong.get(fact) ?? 0) + 1);
  }

  read(): Readings {
    return this.kinds.read();
  }

  *readWrong(): Readings {
    for (const [fact, count] of this.wrong) yield [{ fact }, count];
  }
}
