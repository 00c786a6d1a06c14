/** The status under which a call is logged whose caller left before the answer was complete (nginx's number). */
export const callerGone = 499;

/** How many requests were answered with which status; 499 are those whose caller left before. */
export class RequestCounts {
  private readonly byStatus = new Map<number, number>();

  count(status: number): void {
    this.byStatus.set(status, (this.byStatus.get(status) ?? 0) + 1);
  }

  *read(): Generator<readonly [labels: { status: string }, value: number]> {
    for (const [status, count] of this.byStatus) yield [{ status: String(status) }, count];
  }
}
