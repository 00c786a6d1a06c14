import { once } from 'node:events';
import { createServer, type Server, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen, until } from '@bff/testing';
import { acceptUpgrades } from './accept-upgrades.js';
import { Tunnel } from './tunnel.js';

const ask = 'GET / HTTP/1.1\r\nHost: bff\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';

/** A server that tunnels to a service that says nothing. */
async function open(status = 101, quietMs = 10_000) {
  const server: Server = createServer((_request, response) => void response.end('plain'));
  server.timeout = quietMs;
  const tunnels: Tunnel[] = [];
  acceptUpgrades(server, {
    createResponse: (request) => new ServerResponse(request),
    admit: (_request, _response, begin) => begin(),
    upgrades: () => ({
      takes: () => true,
      serve: (request, response) => {
        response.writeHead(status, { connection: 'Upgrade', upgrade: 'websocket' }).end();
        const service = Object.assign(new PassThrough(), { setTimeout: () => undefined });
        if (status === 101) tunnels.push(new Tunnel(request.socket, service));
      },
      close: () => tunnels.forEach((tunnel) => tunnel.close(1012)),
    }),
  });
  const { port, close } = await listen(server);
  const client: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const said: Buffer[] = [];
  client.on('data', (chunk: Buffer) => said.push(chunk)).on('error', () => undefined);
  await once(client, 'connect');
  const heard = () => Buffer.concat(said).toString('latin1');
  return { server, tunnels, client, heard, [Symbol.asyncDispose]: close };
}

test('a tunnel may be quiet for longer than a connection of requests', async () => {
  await using world = await open(101, 120);
  world.client.write(ask);
  await until('the head', () => world.heard().includes('101 Switching'));
  for (let naps = 0; naps < 4; naps += 1) await sleep(50);
  expect(world.client.closed).toBe(false);
});

test('a connection with an answer that is due is not given away', async () => {
  await using world = await open();
  world.client.write(`GET / HTTP/1.1\r\nHost: bff\r\n\r\n${ask}`);
  await until('both answers', () => world.heard().split('HTTP/1.1 ').length === 3);
  expect(world.heard().match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 200']);
});

test('an upgrade that is declined ends its connection', async () => {
  await using world = await open(403);
  world.client.write(ask);
  await until('it is closed', () => world.client.closed);
  expect(world.heard()).toContain('HTTP/1.1 403');
});

test('a server that closes does not wait for those who never would', async () => {
  await using world = await open();
  world.client.write(ask);
  await until('the head', () => world.heard().includes('101 Switching'));
  world.client.allowHalfOpen = true;
  await new Promise((resolve) => world.server.close(resolve));
  expect(world.tunnels).toHaveLength(1);
});
