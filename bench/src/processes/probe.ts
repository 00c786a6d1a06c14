// Loaded into every contender before its own code: tells what the process has used so far, and profiles it on demand.
import type { Profiler, Session } from 'node:inspector/promises';
import { answerQuestions } from './answer-questions.js';
import { forgetPeakRss, peakRssKb } from './peak-rss.js';

export interface Usage {
  /** User and system time of all threads since the process started. */
  readonly cpuSeconds: number;
  /** Since it was asked with `true`. */
  readonly peakRssMb: number;
}

let session: Session | undefined;

answerQuestions({
  usage: (startsAgain: boolean): Usage => {
    if (startsAgain) forgetPeakRss('self');
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    // getrusage's own figure would count what the parent had when it forked (Linux), so it is the fallback.
    const peakRssMb = (peakRssKb('self') ?? maxRSS) / 1_024;
    return { cpuSeconds: (userCPUTime + systemCPUTime) / 1_000_000, peakRssMb };
  },
  'start profile': async (samplingIntervalUs: number) => {
    const inspector = await import('node:inspector/promises');
    session = new inspector.Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: samplingIntervalUs });
    await session.post('Profiler.start');
  },
  'stop profile': async (): Promise<Profiler.Profile | undefined> =>
    (await session?.post('Profiler.stop'))?.profile,
});
