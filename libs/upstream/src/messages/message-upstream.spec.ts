import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Payload, RpcException, Transport } from '@nestjs/microservices';
import { findFreePort } from '@bff/testing';
import { z } from 'zod';
import type { UpstreamConfig } from '../upstream-options.js';
import { MessageUpstream } from './message-upstream.js';
import { tellNobody } from '../identity/identities.fixture.js';

const Text = z.object({ text: z.string() });

/** A service behind TCP, an upstream that calls it, and how often each pattern was called. */
async function open(config: Partial<UpstreamConfig> = {}) {
  const calls: Record<string, number> = {};
  const count = (pattern: string) => (calls[pattern] = (calls[pattern] ?? 0) + 1);

  @Controller()
  class Service {
    @MessagePattern('echo')
    echo(@Payload() { text }: { text: string }) {
      count('echo');
      return { text, internal: 'x' };
    }

    @MessagePattern('hang')
    hang() {
      count('hang');
      return new Promise(() => undefined);
    }

    @MessagePattern('busy')
    busy() {
      if (count('busy') < 3) throw new RpcException({ status: 503 });
      return { text: 'at last' };
    }

    @MessagePattern('missing')
    missing() {
      throw new RpcException({ status: 404, message: 'internal words' });
    }
  }

  @Module({ controllers: [Service] })
  class ServiceModule {}

  const port = await findFreePort();
  const options = { host: '127.0.0.1', port };
  const service = await NestFactory.createMicroservice(ServiceModule, {
    transport: Transport.TCP,
    options,
    logger: false,
  });
  await service.listen();
  const url = `tcp://127.0.0.1:${port}`;
  const upstream = new MessageUpstream('echo', { url, timeoutMs: 1_000, ...config }, tellNobody);
  return {
    upstream,
    calls,
    [Symbol.asyncDispose]: async () => {
      await upstream.close();
      await service.close();
    },
  };
}

test('a reply is read by its schema', async () => {
  await using echo = await open();
  expect(await echo.upstream.request('echo', { text: 'hello' }, Text)).toEqual({ text: 'hello' });
});

test('equal safe requests in flight are one, others are each on their own', async () => {
  await using echo = await open();
  const ask = (safe: boolean) => echo.upstream.request('echo', { text: 'hello' }, Text, { safe });
  await Promise.all([ask(true), ask(true), ask(true)]);
  expect(echo.calls).toEqual({ echo: 1 });
  await Promise.all([ask(false), ask(false)]);
  expect(echo.calls).toEqual({ echo: 3 });
});

test('a service that is busy is asked again where that is allowed, and only there', async () => {
  await using echo = await open();
  await expect(echo.upstream.request('busy', {}, Text)).rejects.toMatchObject({ reason: 'overloaded' });
  expect(echo.calls).toEqual({ busy: 1 });
  expect(await echo.upstream.request('busy', {}, Text, { idempotent: true })).toEqual({ text: 'at last' });
  expect(echo.calls).toEqual({ busy: 3 });
});

test('what a service says of itself is told by reasons, never in its words', async () => {
  await using echo = await open();
  const failure: unknown = await echo.upstream.request('missing', {}, Text).catch((error: unknown) => error);
  expect(failure).toMatchObject({ upstream: 'echo', reason: 'rejected', rejection: 'not_found' });
});

test('a service that hangs costs its time and nothing more', async () => {
  await using echo = await open({ timeoutMs: 100 });
  await expect(echo.upstream.request('hang', {}, Text)).rejects.toMatchObject({ reason: 'timeout' });
  expect(echo.upstream.state()).toMatchObject({ inFlight: 0, targets: [{ inFlight: 0 }] });
  expect(await echo.upstream.request('echo', { text: 'hello' }, Text)).toEqual({ text: 'hello' });
});

test('two URLs of one broker are refused: only one of their queues would be asked', () => {
  const url = 'amqp://127.0.0.1?queue=a, amqp://127.0.0.1?queue=b';
  const open = () => new MessageUpstream('echo', { url, timeoutMs: 500 }, tellNobody);
  expect(open).toThrow('upstreams.echo.url');
});

test.each([
  ['cache', { cache: { shared: true } }],
  ['check', { check: { path: '/', everyMs: 1_000 } }],
  ['dns', { dns: { refreshMs: 1_000 } }],
  ['tls', { tls: { serverName: 'here' } }],
  ['http2', { http2: true }],
  ['maxAnswer', { maxAnswerBytes: 1_000 }],
])('%s, which has no meaning over messages, is refused by its name', (setting, config) => {
  const url = 'tcp://127.0.0.1:1';
  const open = () => new MessageUpstream('echo', { url, timeoutMs: 100, ...config }, tellNobody);
  expect(open).toThrow(`upstreams.echo.${setting}: does nothing over messages; remove it`);
});

test('a service that is not there is unreachable', async () => {
  const url = `tcp://127.0.0.1:${await findFreePort()}`;
  const upstream = new MessageUpstream('echo', { url, timeoutMs: 500 }, tellNobody);
  await expect(upstream.request('echo', {}, Text)).rejects.toMatchObject({ reason: 'unreachable' });
  await upstream.close();
});
