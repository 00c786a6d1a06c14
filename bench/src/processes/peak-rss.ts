import { readFileSync, writeFileSync } from 'node:fs';

/** From proc_pid_clear_refs(5); elsewhere than on Linux the peak is that of the whole process. `self` or an id. */
export function forgetPeakRss(pid: string): void {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Kept.
  }
}

/** Undefined elsewhere than on Linux. */
export function peakRssKb(pid: string): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes);
  } catch {
    return undefined;
  }
}
