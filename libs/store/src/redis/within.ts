/**
 * Rejects with `what` when the work takes longer than `limitMs`. An answer that has come by then counts, although this
 * process was too busy to read it: silence is judged after the sockets were read.
 */
export function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const tooLate = (): void => reject(new Error(`${what} within ${limitMs} ms`));
    const timer = setTimeout(() => setImmediate(tooLate), limitMs);
    work.then(
      (value) => (clearTimeout(timer), resolve(value)),
      (error: unknown) => (clearTimeout(timer), reject(error)),
    );
  });
}
