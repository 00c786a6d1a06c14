/** All but the date: what waits for real answers goes on in its own time. */
const others = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

/** Sets the date of everything in this process forward. */
export function passTime(ms: number): void {
  const now = Date.now() + ms;
  const clock = import.meta.jest;
  clock.useRealTimers();
  clock.useFakeTimers({ now, doNotFake: [...others], advanceTimers: true });
}

/** Back to what the machine says. */
export function restoreDate(): void {
  import.meta.jest.useRealTimers();
}
