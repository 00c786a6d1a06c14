// The services of the benchmark, by nginx: run as `nginx-upstream.js <nginx> <folder>`, ends nginx when it ends.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFreePort } from '@bff/testing';
import { answerQuestions } from '../processes/answer-questions.js';
import { serviceNames } from './answers.js';
import { documentOf, documents, type DocumentSize } from './documents.js';
import { nginxConfig } from './nginx-config.js';
import type { UpstreamPorts, UpstreamReady } from './start-upstream.js';

const [nginx = 'nginx', folder = '.'] = process.argv.slice(2);
const ports = {} as Record<keyof UpstreamPorts, number>;
for (const name of [...serviceNames, 'files'] as const) ports[name] = await findFreePort();
const statusPort = await findFreePort();
const statusUrl = `http://127.0.0.1:${statusPort}/`;

mkdirSync(join(folder, 'files'), { recursive: true });
for (const size of Object.keys(documents) as DocumentSize[])
  writeFileSync(join(folder, documents[size].path), documentOf(size));

const configPath = join(folder, 'nginx.conf');
writeFileSync(configPath, nginxConfig(folder, ports, statusPort));
const child = spawn(nginx, ['-p', folder, '-c', configPath, '-e', 'stderr'], { stdio: 'inherit' });
process.on('exit', () => child.kill());
child.once('close', () => process.exit(1));

/** Answers so far, those of the status page not counted. */
let statusCalls = 0;
async function countCalls(): Promise<number> {
  const text = await (await fetch(statusUrl)).text();
  statusCalls += 1;
  const [, requests] = /^ \d+ \d+ (\d+) $/m.exec(text) ?? [];
  return Number(requests) - statusCalls;
}

async function waitUntilItListens(): Promise<void> {
  for (;;) {
    const isUp = await countCalls().then(Number.isFinite, () => false);
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

answerQuestions({ calls: countCalls });
await waitUntilItListens();
const ready: UpstreamReady = { ports };
process.send?.(ready);
