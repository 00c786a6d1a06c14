type Hook = (reason: unknown) => void;

/**
 * Tells everybody who works on one part of a request that it is not wanted any more. It ends with the signal it was
 * made from, or before; one listener on that serves all of them.
 */
export class Ending {
  private readonly hooks = new Set<Hook>();
  private ended: { readonly reason: unknown } | undefined;

  constructor(private readonly signal: AbortSignal) {
    if (signal.aborted) this.ended = { reason: signal.reason };
  }

  get isEnded(): boolean {
    return this.ended !== undefined;
  }

  /** What it was ended with; undefined while it goes on. */
  get reason(): unknown {
    return this.ended?.reason;
  }

  end(reason: unknown): void {
    if (this.ended !== undefined) return;
    this.ended = { reason };
    const hooks = [...this.hooks];
    this.hooks.clear();
    this.signal.removeEventListener('abort', this.onAbort);
    for (const hook of hooks) hook(reason);
  }

  /** Called with the reason, at once when it is too late. Whoever adds one removes it when the work is done. */
  add(hook: Hook): void {
    if (this.ended !== undefined) return hook(this.ended.reason);
    if (this.hooks.size === 0) this.signal.addEventListener('abort', this.onAbort, { once: true });
    this.hooks.add(hook);
  }

  remove(hook: Hook): void {
    if (!this.hooks.delete(hook) || this.hooks.size > 0) return;
    // Left in place, it would keep finished work alive until the request ends.
    this.signal.removeEventListener('abort', this.onAbort);
  }

  private readonly onAbort = (): void => this.end(this.signal.reason);
}
