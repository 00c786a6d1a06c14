/** The numbers between the dots, up to four of them. */
export type AppVersion = readonly number[];

const version = /^(\d{1,9}(?:\.\d{1,9}){0,3})(?:[-+][\w.+-]{1,64})?$/;

/** What follows `-` or `+` tells builds of one version apart, and does not count. Undefined: no version. */
export function readAppVersion(text: unknown): AppVersion | undefined {
  const [, numbers] = (typeof text === 'string' && version.exec(text.trim())) || [];
  return numbers?.split('.').map(Number);
}

/** Below 0: `one` is the older of them. 1.2 and 1.2.0 are the same. */
export function compareAppVersions(one: AppVersion, other: AppVersion): number {
  for (let index = 0; index < 4; index += 1) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
