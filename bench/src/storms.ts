import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from './processes/scratch-folder.js';
import { runStorms, type StormsRun } from './storms/run-storms.js';
import { readStormsOptions, stormsHelp } from './storms/storm-options.js';
import { findingsOf, setting, stormsText } from './storms/storms-text.js';

const resultsFile = fileURLToPath(new URL('../storms.json', import.meta.url));

function write(run: StormsRun): void {
  const results = { setting: setting(run), findings: findingsOf(run) };
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
}

/** 0: every requirement was seen to be met. */
async function main(): Promise<number> {
  const options = readStormsOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(`${stormsHelp}\n`);
    return 0;
  }
  const folder = scratchFolder('storms');
  const run = await runStorms(options, folder, (text) => process.stderr.write(`${text}\n`));
  process.stdout.write(`${stormsText(run)}\n`);
  if (options.only.length === 0) write(run);
  const isMet = findingsOf(run).every(({ verdict }) => verdict === 'met' || verdict === 'reported');
  return isMet ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
