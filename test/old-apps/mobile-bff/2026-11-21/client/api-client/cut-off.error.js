/** Thrown where a progressive answer ends before it is whole; what came until then is right. */
export class CutOffError extends Error {
  sections;
  constructor(
    /** The sections that came. */
    sections,
    options,
  ) {
    const came = sections.length === 0 ? 'no section' : sections.join(', ');
    super(`The answer was cut off: there was no \`complete\` record, and ${came} came.`, options);
    this.sections = sections;
    this.name = 'CutOffError';
  }
}
