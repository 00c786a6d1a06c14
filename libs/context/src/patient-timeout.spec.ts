import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PatientTimeout } from './patient-timeout.js';

/** Lets nothing else happen. */
function keepBusy(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

test('it is over after its time, and not once it was cleared', async () => {
  let times = 0;
  const startedMs = performance.now();
  await new Promise<void>((resolve) => new PatientTimeout(resolve, 20));
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(19);
  new PatientTimeout(() => (times += 1), 5).clear();
  await sleep(30);
  expect(times).toBe(0);
});

test('what arrived while the process was busy is heard first, and can clear it', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const client = connect(port, '127.0.0.1');
  const sender = await new Promise<Socket>((resolve) => server.once('connection', resolve));
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    const timeout = new PatientTimeout(() => {
      heard.push('patient timeout');
      resolve();
    }, 50);
    setTimeout(() => heard.push('plain timer'), 50);
    client.once('data', () => {
      heard.push('data');
      timeout.clear();
      setTimeout(resolve, 20);
    });
    setImmediate(() => {
      sender.write('here');
      keepBusy(100);
    });
  });
  sender.destroy();
  client.destroy();
  server.close();
  expect(heard).toEqual(['plain timer', 'data']);
});
