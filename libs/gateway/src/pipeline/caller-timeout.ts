/** How long the caller waits, as `X-Timeout-Ms` says; undefined: it does not say so, or not in whole milliseconds. */
export function readCallerTimeout(header: string | string[] | undefined): number | undefined {
  return isCallerTimeout(header) ? Number(header) : undefined;
}

export function isCallerTimeout(header: string | string[] | undefined): boolean {
  return typeof header === 'string' && /^[1-9]\d{0,8}$/.test(header);
}
