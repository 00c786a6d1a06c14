/** Thrown where an answer is not one of a gateway: a proxy in between speaks for itself, or it is another server. */
export class UnexpectedAnswerError extends Error {
  status;
  text;
  constructor(
    /** That of HTTP. */
    status,
    /** How the answer begins. */
    text,
    options,
  ) {
    super(`An answer with status ${String(status)} that no gateway gives: ${text.slice(0, 100)}`, options);
    this.status = status;
    this.text = text;
    this.name = 'UnexpectedAnswerError';
  }
}
