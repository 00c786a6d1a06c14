import {
  connectionsAtStart,
  type Phase,
  type Stream,
  type StreamResult,
  type StormTarget,
} from './storm-load.js';
import { type Judgement, StormRequests } from './storm-requests.js';
import { StreamTally } from './stream-tally.js';
import type { WireConnection } from './wire-connection.js';
import { WirePool } from './wire-pool.js';

/** Who gets no answer by then has left. */
const patienceMs = 2_000;
const tickMs = 1;

interface Asked {
  readonly dueMs: number;
  readonly connection: WireConnection;
  isDone: boolean;
}

/** Sends what is due at its time, and hangs up where patience ends. */
export class OpenStream implements Disposable {
  private readonly pool: WirePool;
  private readonly requests: StormRequests;
  private readonly tally = new StreamTally();
  /** In the order in which patience ends. */
  private asked: Asked[] = [];
  private startMs = 0;
  /** How late each request was sent. */
  readonly lateMs: number[] = [];

  constructor(
    target: StormTarget,
    private readonly stream: Stream,
  ) {
    this.pool = new WirePool(target.port);
    this.requests = new StormRequests(stream.sends, target.callers);
  }

  open(): Promise<void> {
    return this.pool.open(connectionsAtStart);
  }

  /** Resolves when the last request is answered or given up. */
  async run(): Promise<StreamResult> {
    this.startMs = performance.now();
    const due = dueTimes(this.stream.phases);
    for (let next = due.next(); !next.done || this.asked.length > 0;) {
      const nowMs = performance.now() - this.startMs;
      for (; !next.done && next.value <= nowMs; next = due.next()) this.send(next.value, nowMs);
      this.giveUp(nowMs);
      await new Promise((resolve) => setTimeout(resolve, tickMs));
    }
    return { name: this.stream.name, ...this.tally.result(), connections: this.pool.opened };
  }

  [Symbol.dispose](): void {
    this.pool[Symbol.dispose]();
  }

  private send(dueMs: number, nowMs: number): void {
    this.lateMs.push(nowMs - dueMs);
    const connection = this.pool.take();
    if (connection === undefined) return this.tally.add(dueMs, 0, 'no connection');
    const request = this.requests.take();
    const asked: Asked = { dueMs, connection, isDone: false };
    this.asked.push(asked);
    connection.ask(request.text, (answer) => {
      asked.isDone = true;
      if (answer !== undefined) this.pool.release(connection);
      this.count(
        dueMs,
        answer === undefined ? ['wrong', 'broken off'] : this.requests.judge(request, answer),
      );
    });
  }

  private count(dueMs: number, [outcome, mistake]: Judgement): void {
    const latencyMs = performance.now() - this.startMs - dueMs;
    this.tally.add(dueMs, latencyMs, latencyMs > patienceMs ? 'too late' : outcome, mistake);
  }

  private giveUp(nowMs: number): void {
    let index = 0;
    for (let first = this.asked[0]; first !== undefined; first = this.asked[index]) {
      if (!first.isDone && nowMs - first.dueMs < patienceMs) break;
      if (!first.isDone) {
        first.connection.abandon();
        this.tally.add(first.dueMs, patienceMs, 'too late');
      }
      index += 1;
    }
    if (index > 0) this.asked = this.asked.slice(index);
  }
}

function* dueTimes(phases: readonly Phase[]): Generator<number, undefined> {
  let startMs = 0;
  for (const { requestsPerSecond, seconds } of phases) {
    for (let index = 0; index < requestsPerSecond * seconds; index += 1)
      yield startMs + (index * 1_000) / requestsPerSecond;
    startMs += seconds * 1_000;
  }
}
