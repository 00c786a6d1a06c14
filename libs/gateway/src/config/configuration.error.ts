/** Everything that is wrong with a gateway's configuration, at once. Its message is for whoever starts the gateway. */
export class ConfigurationError extends Error {
  constructor(
    gateway: string,
    readonly mistakes: readonly string[],
  ) {
    super(
      `${gateway} cannot start, its configuration is wrong:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`,
    );
    this.name = 'ConfigurationError';
  }
}
