type Hook = (reason: unknown) => void;

/**
 * Tells everybody who works on a request, or on a part of it, that it is not wanted any more. It ends with what it is
 * inside of, or before; for what it is inside of it is one listener at most, and none when nobody listens to it.
 */
export class Ending {
  /** In the order in which they came. */
  private hooks: Hook[] = [];
  private ended: { readonly reason: unknown } | undefined;
  private controller: AbortController | undefined;
  /** Takes this one off what it is inside of; undefined while nobody listens. */
  private stopListening: (() => void) | undefined;

  constructor(private readonly outer?: Ending | AbortSignal) {}

  get isEnded(): boolean {
    return this.findEnd() !== undefined;
  }

  /** What it was ended with; undefined while it goes on. */
  get reason(): unknown {
    return this.findEnd()?.reason;
  }

  /** The same for those who understand nothing else. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      const controller = new AbortController();
      this.controller = controller;
      this.add((reason) => controller.abort(reason));
    }
    return this.controller.signal;
  }

  end(reason: unknown): void {
    if (this.ended !== undefined) return;
    this.ended = { reason };
    const { hooks } = this;
    if (hooks.length === 0) return;
    this.hooks = [];
    this.stopListening?.();
    for (const hook of hooks) hook(reason);
  }

  /** Called with the reason, at once when it is too late. Whoever adds one removes it when the work is done. */
  add(hook: Hook): void {
    const end = this.findEnd();
    if (end !== undefined) return hook(end.reason);
    if (this.hooks.length === 0) this.listen();
    this.hooks.push(hook);
  }

  remove(hook: Hook): void {
    const index = this.hooks.indexOf(hook);
    if (index < 0) return;
    this.hooks.splice(index, 1);
    // Left in place, the listener would keep finished work alive as long as what is outside.
    if (this.hooks.length === 0) this.stopListening?.();
  }

  /** While nobody listens, it does not listen either. */
  private findEnd(): { readonly reason: unknown } | undefined {
    const { outer } = this;
    if (this.ended === undefined && outer !== undefined) {
      const isOver = outer instanceof Ending ? outer.isEnded : outer.aborted;
      if (isOver) this.end(outer.reason);
    }
    return this.ended;
  }

  private listen(): void {
    const { outer } = this;
    if (outer === undefined) return;
    const onEnd = (): void => this.end(outer.reason);
    if (outer instanceof Ending) outer.add(onEnd);
    else outer.addEventListener('abort', onEnd, { once: true });
    this.stopListening = (): void => {
      this.stopListening = undefined;
      if (outer instanceof Ending) outer.remove(onEnd);
      else outer.removeEventListener('abort', onEnd);
    };
  }
}
