/** Thrown where an answer is not one of a gateway: a proxy in between speaks for itself, or it is another server. */
export class UnexpectedAnswerError extends Error {
  constructor(
    /** That of HTTP. */
    readonly status: number,
    /** How the answer begins. */
    readonly text: string,
    options?: ErrorOptions,
  ) {
    super(`An answer with status ${String(status)} that no gateway gives: ${text.slice(0, 100)}`, options);
    this.name = 'UnexpectedAnswerError';
  }
}
