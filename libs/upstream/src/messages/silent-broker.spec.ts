import { createServer } from 'node:net';
import { listen, until } from '@bff/testing';
import { MessageConnection } from './message-connection.js';

test.each(['redis://127.0.0.1:PORT', 'nats://127.0.0.1:PORT', 'amqp://127.0.0.1:PORT?queue=q'])(
  'of attempts to connect to a %s that says nothing no socket is left',
  async (url) => {
    const server = createServer((socket) => socket.on('error', () => undefined).resume());
    const { port, close } = await listen(server);
    const connection = new MessageConnection('echo', url.replace('PORT', String(port)), 100);
    const request = connection.send({ pattern: 'echo', data: {}, headers: {} });
    await expect(request.reply).rejects.toThrow('not within 100 ms');
    await until('no sockets', async () => (await countSockets()) === 0);
    await connection.close();
    await close();

    function countSockets(): Promise<number> {
      return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
    }
  },
);
