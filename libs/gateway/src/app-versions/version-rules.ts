import { type AppVersion, compareAppVersions, readAppVersion } from './app-version.js';

/** What `gateway.yaml` says about the versions of an app on one platform. */
export interface VersionsEntry {
  readonly minimum: string;
  readonly latest: string;
  readonly blocked: readonly string[];
  readonly deprecated?: VersionDeprecation | undefined;
  readonly store?: string | undefined;
}

export interface VersionDeprecation {
  readonly below: string;
  readonly at?: number | undefined;
  readonly sunset?: number | undefined;
  readonly link?: string | undefined;
}

export interface VersionRange {
  readonly from: AppVersion;
  readonly to: AppVersion;
}

/** `1.4.0`, or all from the first to the second: `1.5.0 - 1.5.3`. Undefined: neither. */
export function readVersionRange(text: string): VersionRange | undefined {
  const [first, second = first, more] = text.split(/ +- +/);
  const [from, to] = [readAppVersion(first), readAppVersion(second)];
  if (from === undefined || to === undefined || more !== undefined) return undefined;
  return compareAppVersions(from, to) > 0 ? undefined : { from, to };
}

/** The rules of one platform. */
export class VersionRules {
  private readonly blocked: readonly VersionRange[];
  private readonly below: AppVersion | undefined;

  constructor(readonly entry: VersionsEntry) {
    this.blocked = entry.blocked.flatMap((text) => readVersionRange(text) ?? []);
    this.below = entry.deprecated && read(entry.deprecated.below);
  }

  isBlocked(version: AppVersion, nowMs: number): boolean {
    return (
      compareAppVersions(version, read(leastVersionAt(this.entry, nowMs))) < 0 ||
      this.isInBlockedRange(version)
    );
  }

  isDeprecated(version: AppVersion): boolean {
    return this.below !== undefined && compareAppVersions(version, this.below) < 0;
  }

  /** The oldest version that one which is blocked may become. */
  wayOutOf(version: AppVersion, nowMs: number): string {
    const least = leastVersionAt(this.entry, nowMs);
    const isNewer = compareAppVersions(read(least), version) > 0;
    return isNewer && !this.isInBlockedRange(read(least)) ? least : this.entry.latest;
  }

  private isInBlockedRange(version: AppVersion): boolean {
    return this.blocked.some(
      ({ from, to }) => compareAppVersions(version, from) >= 0 && compareAppVersions(version, to) <= 0,
    );
  }
}

/** The oldest version that works: from the sunset on none that was deprecated does. */
export function leastVersionAt({ minimum, deprecated }: VersionsEntry, nowMs: number): string {
  if (deprecated?.sunset === undefined || nowMs < deprecated.sunset) return minimum;
  return compareAppVersions(read(minimum), read(deprecated.below)) < 0 ? deprecated.below : minimum;
}

function read(text: string): AppVersion {
  const version = readAppVersion(text);
  if (version === undefined) throw new Error(`"${text}" is no version`);
  return version;
}
