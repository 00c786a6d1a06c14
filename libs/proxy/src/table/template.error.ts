/** What is wrong with a path template, for whoever wrote it. */
export class TemplateError extends Error {
  constructor(template: string, mistake: string) {
    super(`"${template}" ${mistake}`);
    this.name = 'TemplateError';
  }
}
