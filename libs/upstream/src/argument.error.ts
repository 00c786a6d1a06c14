/** A value that its argument does not take; the message is for whoever sent it. */
export class ArgumentError extends Error {
  constructor(
    message: string,
    /** Where in the value, from the outside in. */
    readonly path: readonly string[] = [],
  ) {
    super(message);
    this.name = 'ArgumentError';
  }
}
