let second = -1;
let prefix = '';

/** pino's ISO 8601 time, without making the same second's text again for every line. */
export function isoTime(): string {
  const nowMs = Date.now();
  const nowSecond = Math.floor(nowMs / 1_000);
  if (nowSecond !== second) {
    second = nowSecond;
    prefix = `,"time":"${new Date(nowSecond * 1_000).toISOString().slice(0, -4)}`;
  }
  return `${prefix}${String(nowMs % 1_000).padStart(3, '0')}Z"`;
}
