import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { HttpService } from '@nestjs/axios';
import { Issuer, listen } from '@bff/testing';
import type { Request, Response } from 'express';
import { Callers } from './callers.js';
import { IssuerKeys } from './issuer-keys.js';

/** Callers of a server that answers with who sent the request, or 401; `?knows` asks only whether it is known. */
async function open() {
  await using opened = new AsyncDisposableStack();
  const issuer = opened.use(await Issuer.start());
  const options = { issuer: issuer.url, audience: issuer.audience };
  const callers = new Callers(options, new IssuerKeys(options, new HttpService()));
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<string> => {
    if (request.url === '/?knows') return String(callers.knows(request));
    return (await callers.identify(request as Request, response as Response)).id;
  };
  const listening = await listen(
    createServer((request, response) => {
      answer(request, response).then(
        (text) => response.end(text),
        () => response.writeHead(401).end('nobody'),
      );
    }),
  );
  opened.defer(() => listening.close());
  const ask = async (url: string, token: string): Promise<string> => {
    const response = await fetch(listening.url + url, { headers: { authorization: `Bearer ${token}` } });
    return await response.text();
  };
  const stack = opened.move();
  return {
    issuer,
    identify: (token: string) => ask('/', token),
    knows: (token: string) => ask('/?knows', token),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** As if it were so much later. */
async function later<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const { now } = Date;
  Date.now = () => now() + ms;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}

const minuteMs = 60_000;

test('a caller is known once its token was verified, and no other', async () => {
  await using server = await open();
  const [ada, ben] = await Promise.all(['ada', 'ben'].map((subject) => server.issuer.mint({ subject })));
  expect(await server.knows(ada ?? '')).toBe('false');
  expect(await server.identify(ada ?? '')).toBe('ada');
  expect([await server.knows(ada ?? ''), await server.knows(ben ?? '')]).toEqual(['true', 'false']);
});

test('it stays known when it is time to verify it again, until the token expires', async () => {
  await using server = await open();
  const token = await server.issuer.mint({ subject: 'ada', expiresInSeconds: 1_200 });
  await server.identify(token);
  await later(10 * minuteMs, async () => expect(await server.knows(token)).toBe('true'));
  await later(21 * minuteMs, async () => expect(await server.knows(token)).toBe('false'));
});

test('it is not known any more when its token was refused the next time', async () => {
  await using server = await open();
  const token = await server.issuer.mint({ subject: 'ada', expiresInSeconds: 1_200 });
  await server.identify(token);
  await later(30 * minuteMs, async () => expect(await server.identify(token)).toBe('nobody'));
  expect(await server.knows(token)).toBe('false');
});
