import type { Round, VoidRound } from '../measure-round.js';

/** Says on standard error what is measured, and each result as it comes. */
export class Progress {
  private done = 0;

  constructor(
    private readonly output: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>,
    private readonly total: number,
  ) {}

  warmsUp(what: string): void {
    this.output.write(`Warming up ${what} …\n`);
  }

  starts(what: string): void {
    if (this.output.isTTY) this.output.write(`\r\x1b[K${this.count()} ${what} …`);
  }

  ends(what: string, round: Round | VoidRound): void {
    const start = this.output.isTTY ? '\r\x1b[K' : '';
    this.output.write(`${start}${this.count()} ${what}: ${describe(round)}\n`);
    this.done += 1;
  }

  private count(): string {
    const { length } = String(this.total);
    return `[${String(this.done + 1).padStart(length)}/${this.total}]`;
  }
}

function describe(round: Round | VoidRound): string {
  if ('void' in round) return `VOID, ${round.void}`;
  const { requestsPerCpuSecond, p50Ms, p99Ms, peakRssMb } = round;
  const figures = `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms, ${peakRssMb.toFixed(0)} MB`;
  return `${requestsPerCpuSecond.toFixed(0)} requests/CPU-s, ${figures}`;
}
