// Loaded into every contender before its own code: tells what the process has used so far, and profiles it on demand.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Profiler, Session } from 'node:inspector/promises';
import { answerQuestions } from './answer-questions.js';

export interface Usage {
  /** User and system time of all threads since the process started. */
  readonly cpuSeconds: number;
  /** Since it was asked with `true`. */
  readonly peakRssMb: number;
}

let session: Session | undefined;

answerQuestions({
  usage: (startsAgain: boolean): Usage => {
    if (startsAgain) forgetPeakRss();
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    return { cpuSeconds: (userCPUTime + systemCPUTime) / 1_000_000, peakRssMb: peakRssKb() / 1_024 };
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

/** From proc_pid_clear_refs(5); elsewhere than on Linux the peak is that of the whole process. */
function forgetPeakRss(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Kept.
  }
}

/** getrusage's own figure would count what the parent had when it forked (Linux), so it is the fallback. */
function peakRssKb(): number {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kilobytes);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
