import { createServer, request as httpRequest } from 'node:http';
import { duplexPair } from 'node:stream';
import { listen } from '@bff/testing';
import express from 'express';
import { mintBound, type OpenBearer, openBearer } from './open-bearer.fixture.js';
import { carryProof } from './proven-connections.js';

/** A server that makes a call to itself, with the token that `x-inner` holds, for whoever calls `/outer`. */
async function openGateway({ bearer }: OpenBearer) {
  const app = express();
  const server = createServer(app);
  app.get('/outer', async (request, response) => {
    await bearer.identify(request, response);
    const [ours, theirs] = duplexPair();
    if (request.headers['x-carry'] !== 'no') carryProof(request, theirs);
    server.emit('connection', theirs);
    const headers = { authorization: request.headers['x-inner'] as string };
    const inner = httpRequest({ path: '/inner', headers, createConnection: () => ours });
    inner.once('response', (answer) => answer.pipe(response)).end();
  });
  app.get('/inner', async (request, response) => {
    const caller = await Promise.resolve(bearer.identify(request, response)).catch(() => undefined);
    response.end(caller?.id ?? 'refused');
  });
  return await listen(server);
}

test('calls that a gateway makes to itself need no proof of their own, but only with the very token', async () => {
  await using server = await openBearer(() => ({ dpop: 'required' }));
  const gateway = await openGateway(server);
  await using _closing = { [Symbol.asyncDispose]: () => gateway.close() };
  const [token, other] = [await mintBound(server), await mintBound(server, { subject: '8' })];
  const call = async (inner: string, more: Record<string, string> = {}): Promise<string> => {
    const dpop = await server.key.proof({ url: `${gateway.url}/outer`, token });
    const headers = { authorization: `DPoP ${token}`, dpop, 'x-inner': inner, ...more };
    return await (await fetch(`${gateway.url}/outer`, { headers })).text();
  };
  expect(await call(`DPoP ${token}`)).toBe('7');
  expect(await call(`Bearer ${token}`)).toBe('refused');
  expect(await call(`DPoP ${other}`)).toBe('refused');
  expect(await call(`DPoP ${token}`, { 'x-carry': 'no' })).toBe('refused');
});
