// The services of the benchmark, by Node: run as `node-upstream.js <n>`, every n-th call of orders takes a second; 0: none.
import { createServer, type ServerResponse } from 'node:http';
import { listen } from '@bff/testing';
import { answerQuestions } from '../processes/answer-questions.js';
import { answers, paths, type ServiceName, serviceNames } from './answers.js';
import { documentOf, documents, type DocumentSize } from './documents.js';
import type { UpstreamPorts, UpstreamReady } from './start-upstream.js';

const slowMs = 1_000;
const slowEvery = Number(process.argv[2]);
let calls = 0;
let ordersCalls = 0;

async function startService(name: ServiceName): Promise<number> {
  const texts = new Map<string, string>();
  const textOf = (userId: string): string => {
    const text = texts.get(userId) ?? JSON.stringify(answers[name](userId));
    texts.set(userId, text);
    return text;
  };
  const server = createServer(({ url = '' }, response) => {
    calls += 1;
    const text = textOf(url.slice(paths[name].length));
    if (name === 'orders' && isSlow()) setTimeout(() => send(response, text), slowMs);
    else send(response, text);
  });
  server.keepAliveTimeout = 3_600_000;
  return (await listen(server)).port;
}

function isSlow(): boolean {
  ordersCalls += 1;
  return slowEvery > 0 && ordersCalls % slowEvery === 0;
}

function send(response: ServerResponse, text: string): void {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  response.writeHead(200, headers).end(text);
}

async function startFiles(): Promise<number> {
  const sizes = Object.keys(documents) as DocumentSize[];
  const bodies = new Map(sizes.map((size) => [documents[size].path as string, documentOf(size)]));
  const server = createServer(({ url = '' }, response) => {
    calls += 1;
    const body = bodies.get(url);
    response.writeHead(body === undefined ? 404 : 200, { 'content-length': body?.length ?? 0 }).end(body);
  });
  server.keepAliveTimeout = 3_600_000;
  return (await listen(server)).port;
}

const ports = { files: await startFiles() } as Record<keyof UpstreamPorts, number>;
for (const name of serviceNames) ports[name] = await startService(name);
answerQuestions({ calls: () => calls });
const ready: UpstreamReady = { ports };
process.send?.(ready);
