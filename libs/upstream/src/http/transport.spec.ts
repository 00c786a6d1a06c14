import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import {
  createSecureServer,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificates, createCertificates, listen, type Listening } from '@bff/testing';
import { z } from 'zod';
import { path } from '../path.js';
import type { UpstreamConfig } from '../upstream-options.js';
import { HttpUpstream } from './http-upstream.js';
import { tellNobody } from '../identity/identities.fixture.js';

const Answer = z.object({ name: z.string() });
const folder = mkdtempSync(join(tmpdir(), 'tls-'));
const file = (name: string): string => join(folder, name);
let certificates: Certificates;

beforeAll(async () => {
  certificates = await createCertificates();
  writeFileSync(file('ca.pem'), certificates.ca);
  writeFileSync(file('client.pem'), certificates.client.cert);
  writeFileSync(file('client-key.pem'), certificates.client.key);
});
afterAll(() => rmSync(folder, { recursive: true }));

type Reply = { readonly status?: number; readonly body: unknown };

/** Asks an upstream for `/` and closes both. */
async function ask(listening: Listening, scheme: string, config: Partial<UpstreamConfig>): Promise<unknown> {
  const url = `${scheme}://localhost:${listening.port}`;
  const upstream = new HttpUpstream('users', { url, timeoutMs: 1_000, ...config }, tellNobody);
  try {
    return await upstream.get(path`/`, Answer);
  } finally {
    await upstream.close();
    await listening.close();
  }
}

const serve = (reply: () => Reply) =>
  listen(
    createHttpsServer({ ...certificates.server }, (_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(reply().body));
    }),
  );
const ada = () => ({ body: { name: 'Ada' } });

test('a service whose certificate our own authority signed is trusted', async () => {
  expect(await ask(await serve(ada), 'https', { tls: { ca: file('ca.pem') } })).toEqual({ name: 'Ada' });
});

test('a certificate that no known authority signed is refused, and nothing is sent', async () => {
  let asked = 0;
  const listening = await serve(() => ((asked += 1), ada()));
  await expect(ask(listening, 'https', {})).rejects.toMatchObject({ reason: 'unreachable' });
  expect(asked).toBe(0);
});

test('a certificate for another name is refused, unless that name is configured', async () => {
  const other = () =>
    listen(
      createHttpsServer({ ...certificates.other }, (_request, response) => {
        response.setHeader('content-type', 'application/json').end('{"name":"Ada"}');
      }),
    );
  const tls = { ca: file('ca.pem') };
  await expect(ask(await other(), 'https', { tls })).rejects.toMatchObject({ reason: 'unreachable' });
  const named = { tls: { ...tls, serverName: 'other.example' } };
  expect(await ask(await other(), 'https', named)).toEqual({ name: 'Ada' });
});

test('the gateway shows its own certificate to a service that asks for one', async () => {
  const strict = () =>
    listen(
      createHttpsServer(
        { ...certificates.server, ca: certificates.ca, requestCert: true, rejectUnauthorized: true },
        (_request, response) => {
          response.setHeader('content-type', 'application/json').end('{"name":"Ada"}');
        },
      ),
    );
  const tls = { ca: file('ca.pem'), cert: file('client.pem'), key: file('client-key.pem') };
  expect(await ask(await strict(), 'https', { tls })).toEqual({ name: 'Ada' });
  await expect(ask(await strict(), 'https', { tls: { ca: file('ca.pem') } })).rejects.toMatchObject({
    reason: 'unreachable',
  });
});

test.each([
  ['a file that is not there', { ca: 'nowhere.pem' }],
  ['a certificate without its key', { cert: 'client.pem' }],
  ['a key that is none', { cert: 'client.pem', key: 'ca.pem' }],
])('%s is refused at start, by the name of its setting', (_what, files) => {
  const tls = Object.fromEntries(Object.entries(files).map(([name, value]) => [name, file(value)]));
  const open = () => new HttpUpstream('users', { url: 'https://localhost', timeoutMs: 1, tls }, tellNobody);
  expect(open).toThrow('upstreams.users.tls');
});

describe('HTTP/2', () => {
  /** As a server does that is going down: says so, and closes without answering. */
  const goAway = (session: Http2Session): void => {
    session.goaway(0);
    session.destroy();
  };
  const answer =
    (version: { seen: string }) =>
    (request: Http2ServerRequest, response: Http2ServerResponse): void => {
      version.seen = request.httpVersion;
      response.setHeader('content-type', 'application/json');
      response.end('{"name":"Ada"}');
    };

  test('over TLS it is agreed on', async () => {
    const version = { seen: '' };
    const server = createSecureServer({ ...certificates.server }, answer(version));
    const config = { http2: true, tls: { ca: file('ca.pem') } };
    expect(await ask(await listen(server as never), 'https', config)).toEqual({ name: 'Ada' });
    expect(version.seen).toBe('2.0');
  });

  test('a service that does not speak it is called by HTTP/1.1', async () => {
    expect(await ask(await serve(ada), 'https', { http2: true, tls: { ca: file('ca.pem') } })).toEqual({
      name: 'Ada',
    });
  });

  test('without TLS it is spoken at once', async () => {
    const version = { seen: '' };
    const server = createHttp2Server(answer(version));
    expect(await ask(await listen(server as never), 'http', { http2: true })).toEqual({ name: 'Ada' });
    expect(version.seen).toBe('2.0');
  });

  test('a GOAWAY costs a safe call nothing: it is made again on another connection', async () => {
    let sessions = 0;
    const server = createHttp2Server();
    server.on('session', (session: Http2Session) => {
      sessions += 1;
      const isFirst = sessions === 1;
      session.on('stream', (stream) => {
        if (isFirst) return goAway(session);
        (stream as ServerHttp2Stream).respond({ ':status': 200, 'content-type': 'application/json' });
        stream.end('{"name":"Ada"}');
      });
    });
    expect(await ask(await listen(server as never), 'http', { http2: true })).toEqual({ name: 'Ada' });
    expect(sessions).toBe(2);
  });

  test('where every connection is told to go away, the service is unreachable, in time', async () => {
    const server = createHttp2Server();
    server.on('session', (session: Http2Session) => {
      session.on('stream', () => goAway(session));
    });
    const startedMs = performance.now();
    await expect(ask(await listen(server as never), 'http', { http2: true })).rejects.toMatchObject({
      reason: 'unreachable',
    });
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });
});
