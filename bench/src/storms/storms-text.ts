import { availableParallelism, cpus } from 'node:os';
import { textTable } from '../report/text-table.js';
import type { Finding } from './finding.js';
import type { StormsRun } from './run-storms.js';

/** What was required and what was seen, and where. */
export function stormsText(run: StormsRun): string {
  const findings = findingsOf(run);
  const width = Math.max(...findings.map(({ required }) => required.length));
  const rows = findings.map(({ storm, required, seen, verdict }) => [
    `${verdict.padEnd(8)}  ${storm.padEnd(9)}  ${required.padEnd(width)}  ${seen}`,
  ]);
  const head = `${'verdict'.padEnd(8)}  ${'storm'.padEnd(9)}  ${'required'.padEnd(width)}  seen`;
  return [setting(run), textTable([head], rows), ...remarks(findings)].join('\n\n');
}

export function findingsOf({ reports }: StormsRun): Finding[] {
  return Object.values(reports).flatMap(({ findings }) => findings);
}

export function setting({ upstream, peaks }: Pick<StormsRun, 'upstream' | 'peaks'>): string {
  const processor = (cpus()[0]?.model ?? 'unknown processor').replaceAll(/\s+/g, ' ').trim();
  const machine = `${availableParallelism()} × ${processor}`;
  const date = new Date().toISOString().slice(0, 10);
  const peak = Object.entries(peaks).map(([storm, perSecond]) => `${perSecond}/s before ${storm}`);
  return `peak: ${peak.join(', ')} · upstream: ${upstream} · Node ${process.versions.node} · ${machine} · ${date}`;
}

function remarks(findings: readonly Finding[]): string[] {
  const shared =
    'The driver and the services share the cores with the gateway: all of them are slower in a storm.';
  const late =
    'Unclear: the driver was too late to make the load, or the machine changed its speed; which says nothing about the gateway.';
  const isUnclear = findings.some(({ verdict }) => verdict === 'unclear');
  return [...(availableParallelism() < 4 ? [shared] : []), ...(isUnclear ? [late] : [])];
}
