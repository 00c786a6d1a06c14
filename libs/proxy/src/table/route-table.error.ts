/** Everything that keeps routes from making a table, at once. */
export class RouteTableError extends Error {
  constructor(readonly mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.name = 'RouteTableError';
  }
}
