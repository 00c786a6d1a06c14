import { PatientTimeout } from '@bff/context';
import type { CallScope } from './call-scope.js';

type Cancel = (reason: unknown) => void;

/** What a protocol gets to make its one call with. */
export class Attempt {
  private cancelProtocol: Cancel | undefined;
  private stopTimer: (() => void) | undefined;
  private startAnswerTimer: (() => void) | undefined;
  /** On the clock of `performance.now()`; undefined: it has no answer yet, or one that came in one piece. */
  begunAtMs: number | undefined;

  constructor(
    readonly timeoutMs: number,
    /** Request id, trace, identity and deadline; nothing of what the caller sent. */
    readonly headers: Readonly<Record<string, string>>,
  ) {}

  /**
   * `cancel` is called once when the time is up or nobody waits any more: it ends the call at the socket. What the
   * protocol's promise does afterwards is of no interest.
   */
  onCancel(cancel: Cancel): void {
    this.cancelProtocol = cancel;
  }

  cancel(reason: unknown): void {
    this.cancelProtocol?.(reason);
  }

  /** An answer that comes in pieces has begun: the time for that is over, and the rest may take longer. */
  begin(): void {
    this.begunAtMs = performance.now();
    this.stopTimer?.();
  }

  onBegin(stopTimer: () => void): void {
    this.stopTimer = stopTimer;
  }

  /** All of the request is on its way: what is left is the time for the answer. */
  sent(): void {
    if (this.begunAtMs === undefined) this.startAnswerTimer?.();
  }

  onSent(startAnswerTimer: () => void): void {
    this.startAnswerTimer = startAnswerTimer;
  }
}

interface Run<T> {
  readonly scope: CallScope;
  readonly attempt: Attempt;
  readonly send: () => Promise<T>;
  /** From when the request has been sent; undefined: its time is that of the attempt. */
  readonly answerMs: number | undefined;
  /** What an attempt becomes that took all its time. */
  readonly tooSlow: () => Error;
  readonly onEnd: () => void;
  readonly onAnswer: () => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Runs one attempt until it has settled, its time is up or its scope ends: whatever comes first, the rest is
 * ended and leaves no timer and no hook behind.
 */
export function runAttempt<T>({ scope, attempt, send, answerMs, tooSlow, ...told }: Run<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      timer.clear();
      scope.remove(onCancel);
      told.onEnd();
      return true;
    };
    const fail = (error: unknown): void => {
      if (!settle()) return;
      told.onFailure(error);
      reject(error);
    };
    const onCancel = (reason: unknown): void => {
      fail(reason);
      attempt.cancel(reason);
    };
    // Patient, or our own lateness would open the circuit of a service that is well.
    let timer = new PatientTimeout(() => onCancel(tooSlow()), attempt.timeoutMs);
    attempt.onBegin(() => timer.clear());
    if (answerMs !== undefined)
      attempt.onSent(() => {
        if (settled) return;
        timer.clear();
        const leftMs = Math.min(answerMs, scope.remainingMs(performance.now()));
        timer = new PatientTimeout(() => onCancel(tooSlow()), Math.max(0, leftMs));
      });
    scope.add(onCancel);
    if (settled) return;
    const succeed = (answer: T): void => {
      if (!settle()) return;
      told.onAnswer();
      resolve(answer);
    };
    send().then(succeed, fail);
  });
}
