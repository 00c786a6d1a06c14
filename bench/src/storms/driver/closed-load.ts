import { type ClosedRun, connectionsAtStart } from './storm-load.js';
import { StormRequests, type StormRequest } from './storm-requests.js';
import type { WireAnswer, WireConnection } from './wire-connection.js';
import { WirePool } from './wire-pool.js';

/** Answers in so many that need not be good: a machine that others use stands still at times. */
const lenientIn = 200;

/** Good answers a second. Rejects when more of them than a few are neither good nor an allowed refusal. */
export async function runClosed(run: ClosedRun): Promise<number> {
  using pool = new WirePool(run.port);
  await pool.open(connectionsAtStart);
  const requests = new StormRequests('good token', run.callers);
  const startMs = performance.now();
  const endMs = startMs + run.seconds * 1_000;
  let good = 0;
  const mistakes: string[] = [];
  const repeat = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const request = requests.take();
      const answer = await ask(pool, request);
      const [outcome, mistake] = requests.judge(request, answer);
      if (outcome === 'refused' && run.mayRefuse) continue;
      if (outcome === 'good') good += 1;
      else mistakes.push(mistake ?? outcome);
    }
  };
  await Promise.all(Array.from({ length: run.inFlight }, repeat));
  if (mistakes.length * lenientIn > good)
    throw new Error(`Of ${good + mistakes.length} answers without a storm ${describeAll(mistakes)}`);
  return (good * 1_000) / (performance.now() - startMs);
}

function describeAll(mistakes: readonly string[]): string {
  const kinds = [...new Set(mistakes)];
  return kinds.map((kind) => `${mistakes.filter((one) => one === kind).length} were ${kind}`).join(', ');
}

function ask(pool: WirePool, { text }: StormRequest): Promise<WireAnswer> {
  const connection = pool.take() as WireConnection;
  return new Promise((resolve, reject) => {
    connection.ask(text, (answer) => {
      if (answer === undefined) return reject(new Error('A connection broke before any storm'));
      pool.release(connection);
      resolve(answer);
    });
  });
}
