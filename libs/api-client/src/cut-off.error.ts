/** Thrown where a progressive answer ends before it is whole; what came until then is right. */
export class CutOffError extends Error {
  constructor(
    /** The sections that came. */
    readonly sections: readonly string[],
    options?: ErrorOptions,
  ) {
    const came = sections.length === 0 ? 'no section' : sections.join(', ');
    super(`The answer was cut off: there was no \`complete\` record, and ${came} came.`, options);
    this.name = 'CutOffError';
  }
}
