import type { z } from 'zod';
import { openEngine } from '../engine/open-engine.js';
import type { UpstreamCall } from '../engine/upstream-call.js';
import type { UpstreamEngine } from '../engine/upstream-engine.js';
import { readTlsFiles } from '../http/tls-options.js';
import { readAnswer } from '../read-answer.js';
import { refuseUnused } from '../refuse-unused.js';
import { readGrpcAddresses } from '../read-url.js';
import { defaultMaxAnswerBytes, type Identities, type UpstreamConfig } from '../upstream-options.js';
import { GrpcConnection } from './grpc-connection.js';
import type { ChangeOptions } from '../change-options.js';
import type { GrpcMethod, GrpcService } from './grpc-service.js';
import type { MessageSink, RawMethod } from './raw-method.js';

/** A service that speaks gRPC. Its methods throw UpstreamError, CallerGoneError or AbandonedError. */
export class GrpcUpstream {
  static readonly protocol = 'grpc';
  private engine: UpstreamEngine<GrpcConnection>;

  constructor(name: string, config: UpstreamConfig, identities: Identities) {
    refuseUnused(name, config, 'gRPC', ['cache', 'http2']);
    const tls = readTlsFiles(name, config.tls);
    const { maxAnswerBytes = defaultMaxAnswerBytes, check } = config;
    this.engine = openEngine(name, config, identities, {
      endpoints: readGrpcAddresses(name, config.url),
      open: (place) =>
        new GrpcConnection({ upstream: name, place, maxAnswerBytes, tls, checked: check !== undefined }),
    });
  }

  /**
   * One request, one answer. Whether a method may be shared or tried again is what its definition says by
   * `idempotency_level`; without that it is sent once, unless there is an idempotency key.
   */
  async unary<S extends z.ZodType>(
    service: GrpcService,
    name: string,
    request: object,
    schema: S,
    { idempotencyKey }: ChangeOptions = {},
  ): Promise<z.output<S>> {
    const method = service[name];
    if (method === undefined) throw new Error(`${this.engine.name} has no gRPC method ${name}`);
    return this.ask(
      method,
      request,
      (answer) => readAnswer(this.engine.name, schema, answer),
      idempotencyKey,
    );
  }

  /** The answer as its method reads it, for who hands it on. */
  answer(method: GrpcMethod, request: object): Promise<object> {
    return this.ask(method, request, (answer) => answer);
  }

  /**
   * One message as it is, and the messages of the answer to `sink` as they come: under the whole policy until the first of
   * them, and ended at the socket when the caller leaves. Resolves when the service said OK.
   */
  relay(method: RawMethod, message: Buffer, sink: MessageSink, timeoutMs?: number): Promise<void> {
    const call: UpstreamCall<GrpcConnection, void> = {
      safe: false,
      idempotent: method.idempotent,
      timeoutMs,
      send: (attempt, connection) => connection.relay(method, message, attempt, sink),
    };
    return this.engine.call(call, () => undefined);
  }

  adopt(fresh: GrpcUpstream): UpstreamEngine<GrpcConnection> {
    const before = this.engine;
    this.engine = fresh.engine;
    return before;
  }

  state() {
    return this.engine.state();
  }

  close(): Promise<void> {
    return this.engine.close();
  }

  private ask<R>(
    method: GrpcMethod,
    request: object,
    read: (answer: object) => R,
    idempotencyKey?: string,
  ): Promise<R> {
    const { safe } = method;
    const more = idempotencyKey === undefined ? undefined : { 'idempotency-key': idempotencyKey };
    const call: UpstreamCall<GrpcConnection, object> = {
      safe,
      idempotent: method.idempotent || idempotencyKey !== undefined,
      key: safe ? `${method.path}\n${JSON.stringify(request)}` : undefined,
      send: (attempt, connection) => connection.exchange(method, request, attempt, more),
    };
    return this.engine.call(call, read);
  }
}
