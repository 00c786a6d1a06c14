import { AbandonedError } from '@bff/problem';
import type { CallScope } from './call-scope.js';

interface Hedge<T> {
  readonly scope: CallScope;
  /** How long the first attempt is alone. */
  readonly afterMs: number;
  readonly attempt: (scope: CallScope) => Promise<T>;
  /** Asked once, when the time has come; false: there is no second attempt. */
  readonly mayStart: () => boolean;
  /** The second attempt is over. Only called when there was one. */
  readonly onEnd: () => void;
}

/**
 * Makes an attempt, and a second one when the first takes long: the first answer counts and the other attempt is
 * cancelled. Rejects when all attempts made have failed. Source: Dean and Barroso, "The Tail at Scale".
 */
export function hedge<T>({ scope, afterMs, attempt, mayStart, onEnd }: Hedge<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const forks: CallScope[] = [];
    let pending = 0;
    const end = (): void => {
      clearTimeout(timer);
      for (const fork of forks) fork.end(new AbandonedError());
    };
    const start = (): Promise<void> => {
      const fork = scope.fork();
      forks.push(fork);
      pending += 1;
      return attempt(fork).then(succeed, fail);
    };
    const succeed = (answer: T): void => {
      end();
      resolve(answer);
    };
    const fail = (error: unknown): void => {
      pending -= 1;
      if (pending > 0) return;
      end();
      reject(error);
    };
    const timer = setTimeout(() => {
      if (mayStart()) void start().finally(onEnd);
    }, afterMs);
    void start();
  });
}
