import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GrpcFake, HandlerFake, listen } from '@bff/testing';
import { z } from 'zod';
import { GraphqlUpstream } from '../graphql/graphql-upstream.js';
import { loadGrpcService } from '../grpc/grpc-service.js';
import { GrpcUpstream } from '../grpc/grpc-upstream.js';
import { HttpUpstream } from '../http/http-upstream.js';
import { MessageUpstream } from '../messages/message-upstream.js';
import { path } from '../path.js';
import type { Identities } from '../upstream-options.js';
import { XmlUpstream } from '../xml/xml-upstream.js';

/** A service of one protocol, called through an upstream of that name. */
interface ToldService extends AsyncDisposable {
  call(): Promise<unknown>;
  /** The headers of its first call, or whatever the protocol has for them. */
  told(): unknown;
}

export type Protocol = (name: string, identities: Identities) => Promise<ToldService>;

interface Opened {
  readonly upstream: { close(): Promise<void> };
  call(): Promise<unknown>;
}

/** A service over HTTP that answers with this body. */
const overHttp =
  (type: string, body: string, open: (url: string, name: string, identities: Identities) => Opened) =>
  async (name: string, identities: Identities): Promise<ToldService> => {
    const fake = await HandlerFake.startFor(
      (_request, response) => void response.setHeader('content-type', type).end(body),
      (url) => open(url, name, identities),
    );
    return Object.assign(fake, { told: () => fake.seen[0]?.headers });
  };

const json = overHttp('application/json', '{}', (url, name, identities) => {
  const upstream = new HttpUpstream(name, { url, timeoutMs: 1_000 }, identities);
  return { upstream, call: () => upstream.get(path`/`, z.unknown()) };
});

const graphql = overHttp('application/json', '{"data":{}}', (url, name, identities) => {
  const upstream = new GraphqlUpstream(name, { url, timeoutMs: 1_000 }, identities);
  return { upstream, call: () => upstream.query('query { a }', {}, z.unknown()) };
});

const xml = overHttp('application/xml', '<a/>', (url, name, identities) => {
  const upstream = new XmlUpstream(name, { url, timeoutMs: 1_000 }, identities);
  return { upstream, call: () => upstream.get(path`/`, z.unknown()) };
});

async function grpc(name: string, identities: Identities): Promise<ToldService> {
  const folder = mkdtempSync(join(tmpdir(), 'proto-'));
  const proto = join(folder, 'told.proto');
  writeFileSync(
    proto,
    'syntax = "proto3"; package test; message None {} service Told { rpc Ask(None) returns (None); }',
  );
  const fake = await GrpcFake.start(proto, 'test.Told', { Ask: () => ({}) });
  const service = loadGrpcService(proto, 'test.Told');
  rmSync(folder, { recursive: true });
  const upstream = new GrpcUpstream(name, { url: fake.url, timeoutMs: 1_000 }, identities);
  return {
    call: () => upstream.unary(service, 'Ask', {}, z.unknown()),
    told: () => fake.calls[0]?.headers,
    [Symbol.asyncDispose]: async () => {
      await upstream.close();
      await fake[Symbol.asyncDispose]();
    },
  };
}

/** A packet of Nest's TCP transport is a length, `#` and JSON, both ways. */
async function messages(name: string, identities: Identities): Promise<ToldService> {
  const packets: { readonly id: string; readonly headers: unknown }[] = [];
  const answer = (socket: Socket, bytes: Buffer): void => {
    const packet = JSON.parse(bytes.toString().replace(/^\d+#/, '')) as (typeof packets)[number];
    packets.push(packet);
    const reply = JSON.stringify({ id: packet.id, response: {}, isDisposed: true });
    socket.write(`${reply.length}#${reply}`);
  };
  const server = createServer((socket) => socket.on('data', (bytes: Buffer) => answer(socket, bytes)));
  const { port, close } = await listen(server);
  const upstream = new MessageUpstream(
    name,
    { url: `tcp://127.0.0.1:${port}`, timeoutMs: 1_000 },
    identities,
  );
  return {
    call: () => upstream.request('ask', {}, z.unknown()),
    told: () => packets[0]?.headers,
    [Symbol.asyncDispose]: async () => {
      await upstream.close();
      await close();
    },
  };
}

export const protocols: Readonly<Record<string, Protocol>> = {
  'HTTP and JSON': json,
  GraphQL: graphql,
  XML: xml,
  gRPC: grpc,
  messages,
};
