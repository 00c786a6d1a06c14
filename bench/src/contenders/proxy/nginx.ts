// nginx as a proxy: the limit of what can be had. Tells itself what its worker has used, as no probe can be loaded into it.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerQuestions } from '../../processes/answer-questions.js';
import type { Usage } from '../../processes/probe.js';
import { forgetPeakRss, peakRssKb } from '../../processes/peak-rss.js';
import { scratchFolder } from '../../processes/scratch-folder.js';
import { nginxProxyConfig } from '../../upstream/nginx-config.js';
import { config, tellReady } from '../config.js';

const folder = scratchFolder('nginx-proxy');
const file = join(folder, 'nginx.conf');
writeFileSync(file, nginxProxyConfig(folder, config.port, new URL(config.files).host));
const nginx = String(process.env['NGINX']);
const child = spawn(nginx, ['-p', folder, '-c', file, '-e', 'stderr'], { stdio: 'inherit' });
process.on('exit', () => child.kill());
child.once('close', () => process.exit(1));

/** Of proc(5), which counts in hundredths of a second. */
const ticksPerSecond = 100;

function workerPid(): string {
  return readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
}

/** User and system time are fields 14 and 15; the second one is the name in parentheses. */
function cpuSeconds(pid: string): number {
  const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ', 2);
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function waitUntilItListens(): Promise<void> {
  for (;;) {
    const isUp = await fetch(`http://127.0.0.1:${config.port}/`).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

answerQuestions({
  usage: (startsAgain: boolean): Usage => {
    const pid = workerPid();
    if (startsAgain) forgetPeakRss(pid);
    return { cpuSeconds: cpuSeconds(pid), peakRssMb: (peakRssKb(pid) ?? NaN) / 1_024 };
  },
});
await waitUntilItListens();
tellReady();
