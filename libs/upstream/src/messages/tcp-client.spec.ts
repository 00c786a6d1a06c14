import { createServer, type Socket } from 'node:net';
import { listen, until } from '@bff/testing';
import { MessageConnection } from './message-connection.js';

const call = { pattern: 'echo', data: { words: 'ü' }, headers: { 'x-request-id': 'r-1' } };

/** A service below NestJS: it sees bytes, says bytes, and closes nothing by itself. */
async function startWire(onConnection: (socket: Socket) => void) {
  let connections = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections += 1;
    socket.on('error', () => undefined).resume();
    onConnection(socket);
  });
  const { port, close } = await listen(server);
  const connection = new MessageConnection('echo', `tcp://127.0.0.1:${port}`, 1_000);
  return {
    connection,
    connections: () => connections,
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      await close();
    },
  };
}

test('the packet on the wire is the one of NestJS, with the headers beside its members', async () => {
  let packet = '';
  await using wire = await startWire((socket) => {
    socket.once('data', (bytes: Buffer) => {
      packet = bytes.toString();
      socket.end();
    });
  });
  await wire.connection.send(call).reply.catch(() => undefined);
  const [length, json = ''] = packet.split(/#(.*)/s);
  expect(Number(length)).toBe(json.length);
  expect(JSON.parse(json)).toEqual({ ...call, id: expect.any(String) });
});

test.each(['x#{}', '5#{"a":', '3#abc'])(
  'after %j the socket is given up, and a later request gets a new one',
  async (bytes) => {
    await using wire = await startWire((socket) => {
      socket.once('data', () => socket.write(`${bytes}          `));
    });
    await expect(wire.connection.send(call).reply).rejects.toMatchObject({ reason: 'bad_response' });
    await until('a second socket', () => {
      const request = wire.connection.send(call);
      return request.reply.catch(() => wire.connections() >= 2);
    });
  },
);

test('an address that takes no requests is tried again after 50 ms and more, however many there are', async () => {
  await using wire = await startWire((socket) => socket.destroy());
  const startMs = performance.now();
  for (let count = 0; count < 500; count += 1)
    await expect(wire.connection.send(call).reply).rejects.toMatchObject({ reason: 'unreachable' });
  expect(wire.connections()).toBeGreaterThan(0);
  expect(wire.connections()).toBeLessThanOrEqual(1 + (performance.now() - startMs) / 50);
});
