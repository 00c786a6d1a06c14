import { describeMistakes } from '../seconds.js';
import { type ClosedRun, connectionsAtStart } from './storm-load.js';
import { StormRequests, type StormRequest } from './storm-requests.js';
import type { WireAnswer, WireConnection } from './wire-connection.js';
import { WirePool } from './wire-pool.js';

/** Answers in so many that need not be good: a machine that others use stands still at times. */
const lenientIn = 200;

/** Good answers a second. Rejects at the first refusal that is not allowed, and when more than a few are wrong otherwise. */
export async function runClosed(run: ClosedRun): Promise<number> {
  using pool = new WirePool(run.port);
  await pool.open(connectionsAtStart);
  const requests = new StormRequests('good token', run.callers);
  const startMs = performance.now();
  const endMs = startMs + run.seconds * 1_000;
  let good = 0;
  let wrong = 0;
  const mistakes: Record<string, number> = {};
  const repeat = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const request = requests.take();
      const answer = await ask(pool, request);
      const [outcome, mistake] = requests.judge(request, answer);
      if (outcome === 'refused' && run.mayRefuse) continue;
      if (outcome === 'refused') throw new Error('An answer was refused without a storm');
      if (outcome === 'good') {
        good += 1;
        continue;
      }
      wrong += 1;
      const what = mistake ?? outcome;
      mistakes[what] = (mistakes[what] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: run.inFlight }, repeat));
  if (wrong * lenientIn > good)
    throw new Error(
      `${wrong} of ${good + wrong} answers without a storm were wrong${describeMistakes({ mistakes })}`,
    );
  return (good * 1_000) / (performance.now() - startMs);
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
