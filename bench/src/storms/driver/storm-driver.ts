// Makes the storms: a process of its own, which also says how well it kept up.
import { answerQuestions } from '../../processes/answer-questions.js';
import { runClosed } from './closed-load.js';
import { OpenStream } from './open-stream.js';
import type { OpenRun, StormResult } from './storm-load.js';
import { percentile99 } from './stream-tally.js';

async function runOpen(run: OpenRun): Promise<StormResult> {
  using opened = new DisposableStack();
  const streams = run.streams.map((stream) => opened.use(new OpenStream(run, stream)));
  for (const stream of streams) await stream.open();
  const before = performance.eventLoopUtilization();
  const results = await Promise.all(streams.map((stream) => stream.run()));
  const { utilization: busy } = performance.eventLoopUtilization(before);
  const lateP99Ms = percentile99(streams.flatMap((stream) => stream.lateMs));
  return { streams: results, driver: { lateP99Ms, busy } };
}

answerQuestions({ closed: runClosed, open: runOpen });
process.send?.({ ready: true });
