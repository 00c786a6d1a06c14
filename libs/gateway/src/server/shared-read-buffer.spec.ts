import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '@bff/testing';
import { shareReadBuffer } from './shared-read-buffer.js';

/** Both ends of a connection whose server shares its buffer, and what was taken there. */
async function open() {
  const server = createServer();
  const { port, close } = await listen(server);
  const client = connect({ port, host: '127.0.0.1', noDelay: true });
  const [socket] = (await once(server, 'connection')) as [Socket];
  const taken: Buffer[] = [];
  const isShared = shareReadBuffer(socket, (bytes) => {
    taken.push(bytes);
    return socket.push(Buffer.from(bytes));
  });
  return {
    client,
    socket,
    taken,
    isShared,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      socket.destroy();
      await close();
    },
  };
}

test('all reads of all sockets have the same memory', async () => {
  await using one = await open();
  await using other = await open();
  for (const { client, socket } of [one, other, one]) {
    client.write('hello');
    expect(String(await once(socket, 'data'))).toBe('hello');
  }
  const memory = [...one.taken, ...other.taken].map(({ buffer, byteOffset }) => ({ buffer, byteOffset }));
  expect(memory.length).toBe(3);
  expect(new Set(memory.map(({ buffer }) => buffer)).size).toBe(1);
  expect(memory.map(({ byteOffset }) => byteOffset)).toEqual([0, 0, 0]);
});

test('the sockets of this Node are of the kind that can', async () => {
  await using connection = await open();
  expect(connection.isShared).toBe(true);
});

test('a socket that is closed already is left as it is', async () => {
  await using connection = await open();
  connection.socket.destroy();
  expect(shareReadBuffer(connection.socket, () => true)).toBe(false);
});

test('who reads slowly is sent no more than he reads, and gets every byte', async () => {
  await using connection = await open();
  const { client, socket } = connection;
  const sent = randomBytes(40_000_000);
  client.end(sent);
  socket.once('data', () => socket.pause()).pause();
  await sleep(100);
  expect(socket.bytesRead).toBeLessThan(1_000_000);
  const received: Buffer[] = [];
  for await (const piece of socket) {
    received.push(piece as Buffer);
    if (received.length % 50 === 0) await sleep(1);
  }
  expect(Buffer.concat(received).equals(sent)).toBe(true);
});

test('a connection that breaks ends with its error', async () => {
  await using connection = await open();
  const { client, socket } = connection;
  socket.resume();
  client.resetAndDestroy();
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
});
