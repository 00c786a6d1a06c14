import { availableParallelism, cpus } from 'node:os';
import { warmUpSeconds } from '../warm-contender.js';
import type { Options } from '../options.js';

/** Where and how it was measured, in one line. */
export function describeSetting({ rounds, seconds, connections }: Options): string {
  const [cpu] = cpus();
  const processor = (cpu?.model ?? 'unknown processor').replaceAll(/\s+/g, ' ').trim();
  return [
    `rounds: ${rounds} × ${seconds} s, warmed up for ${warmUpSeconds} s`,
    `${connections} connections`,
    `Node ${process.versions.node}`,
    `${availableParallelism()} × ${processor}`,
    new Date().toISOString().slice(0, 10),
  ].join(' · ');
}
