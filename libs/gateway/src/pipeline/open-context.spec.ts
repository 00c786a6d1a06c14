import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { JsonLogger, RequestCounts } from '@bff/tracing';
import { DeviceCounts } from '../device/device-counts.js';
import { openContext } from './open-context.js';

interface Line {
  readonly requestId?: string;
  readonly traceId?: string;
  readonly msg?: string;
  readonly path?: string;
  readonly status?: number;
  readonly device?: object;
}

test('every line about a request carries its ids, and no line tells the query', async () => {
  let text = '';
  const destination = { write: (chunk: string) => void (text += chunk) };
  const logger = new JsonLogger({ name: 'test', level: 'trace', destination });
  const counts = new RequestCounts();
  const open = openContext({
    logger,
    counts,
    devices: new DeviceCounts(),
    deadlineMs: () => 1_000,
    isDraining: () => false,
  });
  const server = createServer((request, response) => {
    open(request as never, response as never, () => {
      setImmediate(() => {
        logger.warn('on the way');
        response.writeHead(418).end();
      });
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const headers = { 'x-request-id': 'r-1', connection: 'close', 'x-app-platform': 'ios', ect: '3g' };
  const answer = await fetch(`http://127.0.0.1:${port}/a%0a?token=secret`, { headers });
  await new Promise((resolve) => server.close(resolve));

  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  expect(lines).toMatchObject([
    { requestId: 'r-1', msg: 'on the way' },
    {
      requestId: 'r-1',
      msg: 'request',
      path: '/a%0a',
      status: 418,
      device: { platform: 'ios', network: 'medium' },
    },
  ]);
  expect(lines[0]?.traceId).toBe(answer.headers.get('traceresponse')?.split('-')[1]);
  expect(text).not.toContain('secret');
  expect([...counts.read()]).toEqual([[{ status: '418' }, 1]]);
});
