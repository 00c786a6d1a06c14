import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { z } from 'zod';
import { toGrpcFailure } from './grpc-failure.js';
import type { GrpcService } from './grpc-service.js';
import { readAnswer } from './read-answer.js';
import { readGrpcAddress } from './read-url.js';
import { type Attempt, UpstreamEngine } from './upstream-engine.js';
import type { Identify, UpstreamConfig } from './upstream-options.js';

/** A service that speaks gRPC. Its methods throw UpstreamError or CallerGoneError. */
export class GrpcUpstream {
  static readonly protocol = 'grpc';

  private readonly channel: Client;
  private readonly engine: UpstreamEngine;

  constructor(name: string, config: UpstreamConfig, identify: Identify) {
    const { address, tls } = readGrpcAddress(name, config.url);
    this.engine = new UpstreamEngine(name, config, identify);
    this.channel = new Client(address, tls ? credentials.createSsl() : credentials.createInsecure(), {
      // A service that comes back is found within a second, not after gRPC's default of up to two minutes.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
      'grpc.enable_retries': 0,
      // Otherwise all channels of a process to one address share a connection and its waiting time.
      'grpc.use_local_subchannel_pool': 1,
    });
  }

  /** One request, one answer. */
  unary<S extends z.ZodType>(
    service: GrpcService,
    method: string,
    request: object,
    schema: S,
  ): Promise<z.output<S>> {
    return this.engine.call(async (attempt) =>
      readAnswer(this.engine.name, schema, await this.exchange(service, method, request, attempt)),
    );
  }

  close(): Promise<void> {
    this.channel.close();
    return Promise.resolve();
  }

  private exchange(service: GrpcService, method: string, request: object, attempt: Attempt): Promise<object> {
    const definition = service[method];
    if (definition === undefined) throw new Error(`${this.engine.name} has no gRPC method ${method}`);
    return new Promise((resolve, reject) => {
      const onAnswer = (error: ServiceError | null, answer?: object): void => {
        attempt.signal.removeEventListener('abort', cancel);
        if (error !== null) reject(toGrpcFailure(this.engine.name, error.code, error.details));
        else resolve(answer ?? {});
      };
      const call = this.channel.makeUnaryRequest(
        definition.path,
        definition.requestSerialize,
        definition.responseDeserialize,
        request,
        toMetadata(attempt.headers),
        { deadline: Date.now() + attempt.timeoutMs },
        onAnswer,
      );
      const cancel = (): void => call.cancel();
      attempt.signal.addEventListener('abort', cancel, { once: true });
    });
  }
}

function toMetadata(headers: Attempt['headers']): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}
