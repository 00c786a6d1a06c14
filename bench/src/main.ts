import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brokerIsInstalled, startRedis } from '@bff/testing';
import { help, type Options, readOptions } from './options.js';
import { scratchFolder } from './processes/scratch-folder.js';
import { profileContender } from './profile/profile-contender.js';
import { Progress } from './report/progress.js';
import { reportText } from './report/report-text.js';
import { resultsPlot } from './report/results-plot.js';
import { toResults } from './report/results.js';
import { describeSetting } from './report/setting.js';
import { writeResults } from './report/write-results.js';
import { runSuite, type SuiteRounds } from './run-suite.js';
import { describeSuites, select, type Suite } from './suites.js';
import { findNginx } from './upstream/find-nginx.js';
import { warmUpSeconds } from './warm-contender.js';

const inPackage = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Whether every round counted. */
async function measure(suites: readonly Suite[], options: Options, folder: string): Promise<boolean> {
  const { rounds, seconds, only, json } = options;
  const contenders = suites.reduce((sum, suite) => sum + suite.contenders.length, 0);
  warnIfBusy();
  const progress = new Progress(process.stderr, contenders * rounds);
  const all: SuiteRounds[] = [];
  for (const suite of suites) all.push(await runSuite(suite, { rounds, seconds, folder, progress }));

  const results = toResults(all);
  const setting = describeSetting(options);
  process.stdout.write(
    json ? `${JSON.stringify(results, null, 2)}\n` : `${setting}\n\n${reportText(all, results)}\n`,
  );
  const mistakes = all.flatMap((one) => one.mistakes);
  if (mistakes.length > 0) process.stderr.write(`\n${mistakes.join('\n')}\n`);
  else if (only.length === 0) writeResults(inPackage('.'), results, resultsPlot(all, results, setting));
  return mistakes.length === 0;
}

async function profile(
  suites: readonly Suite[],
  name: string,
  options: Options,
  folder: string,
): Promise<void> {
  const selected = select(suites, [name]);
  const file = join(tmpdir(), `${name.replaceAll('/', '-')}.cpuprofile`);
  process.stderr.write(
    `Profiling ${name} for ${options.seconds} s after a warm-up of ${warmUpSeconds} s …\n`,
  );
  const text = await profileContender(selected, { seconds: options.seconds, folder, file });
  process.stdout.write(`${text}\n\nThe whole profile: ${file}\n`);
}

function warnIfBusy(): void {
  const [load = 0] = loadavg();
  if (load > availableParallelism() / 2)
    process.stderr.write(`This machine is busy (load average ${load.toFixed(1)}): figures will scatter.\n`);
}

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const folder = scratchFolder('bench');
  await using redis = brokerIsInstalled('redis') ? await startRedis() : undefined;
  const { connections } = options;
  const suites = describeSuites({
    connections,
    gatewayFile: inPackage,
    redisUrl: redis?.url,
    nginxPath: findNginx()?.path,
  });
  if (options.profile !== undefined) {
    await profile(suites, options.profile, options, folder);
    return 0;
  }
  return (await measure(select(suites, options.only), options, folder)) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
