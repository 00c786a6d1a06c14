import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from './results.js';

/** Writes the last figures and their picture into the repository. */
export function writeResults(folder: string, results: readonly Result[], plot: string): void {
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(join(folder, 'results.svg'), plot);
}
