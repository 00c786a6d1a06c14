import { Client, credentials, type ClientOptions, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Attempt } from '../engine/attempt.js';
import type { TlsOptions } from '../http/tls-options.js';
import type { Place } from '../targets/endpoint.js';
import type { Connection } from '../targets/target.js';
import { toGrpcFailure } from './grpc-failure.js';
import type { GrpcMethod } from './grpc-service.js';
import { relayMessages } from './grpc-stream.js';
import type { MessageSink, RawMethod } from './raw-method.js';

export interface GrpcConnectionOptions {
  readonly upstream: string;
  readonly place: Place;
  readonly maxAnswerBytes: number;
  readonly tls: TlsOptions | undefined;
  /** Whether the service answers gRPC's health protocol, and is asked by it. */
  readonly checked: boolean;
}

const checkTimeoutMs = 1_000;

/** The channel to one target. */
export class GrpcConnection implements Connection {
  readonly check: (() => Promise<boolean>) | undefined;
  private readonly client: Client;

  constructor(private readonly options: GrpcConnectionOptions) {
    const { place, tls, checked } = options;
    this.client = new Client(addressOf(place), place.tls ? secured(tls) : credentials.createInsecure(), {
      ...channelOptions,
      ...authorityOf(place, tls),
      'grpc.max_receive_message_length': options.maxAnswerBytes,
    });
    if (checked) this.check = () => this.isServing();
  }

  /** One request, one answer; throws UpstreamError. */
  exchange(
    method: GrpcMethod,
    request: object,
    attempt: Attempt,
    more?: Attempt['headers'],
  ): Promise<object> {
    return new Promise((resolve, reject) => {
      const onAnswer = (error: ServiceError | null, answer?: object): void => {
        if (error === null) resolve(answer ?? {});
        else reject(toGrpcFailure(this.options.upstream, error.code, error.details));
      };
      const call = this.client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        toMetadata(more === undefined ? attempt.headers : { ...attempt.headers, ...more }),
        { deadline: Date.now() + attempt.timeoutMs },
        onAnswer,
      );
      attempt.onCancel(() => call.cancel());
    });
  }

  /** One message, and what comes back handed on unread; throws UpstreamError, whose status `grpcStatusOf` knows. */
  relay(
    { path, responseStream }: RawMethod,
    message: Buffer,
    attempt: Attempt,
    sink: MessageSink,
  ): Promise<void> {
    // A stream that has begun may take longer: its time is the attempt's to end.
    const options = responseStream ? {} : { deadline: Date.now() + attempt.timeoutMs };
    const metadata = toMetadata(attempt.headers);
    const call = this.client.makeServerStreamRequest(path, asItIs, asItIs, message, metadata, options);
    return relayMessages(this.options.upstream, call, attempt, sink);
  }

  close(): Promise<void> {
    this.client.close();
    return Promise.resolve();
  }

  /** gRPC's health protocol, `grpc.health.v1.Health/Check`: field 1 of the answer is 1 when it serves. */
  private isServing(): Promise<boolean> {
    return new Promise((resolve) => {
      this.client.makeUnaryRequest(
        '/grpc.health.v1.Health/Check',
        () => Buffer.alloc(0),
        (bytes: Buffer) => bytes[0] === 0x08 && bytes[1] === 1,
        {},
        { deadline: Date.now() + checkTimeoutMs },
        (error, isServing) => resolve(error === null && isServing === true),
      );
    });
  }
}

const asItIs = (bytes: Buffer): Buffer => bytes;

const channelOptions: ClientOptions = {
  // A service that comes back is found within a second, not after gRPC's default of up to two minutes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.enable_retries': 0,
  // Nobody may tell this gateway by DNS how to call a service.
  'grpc.service_config_disable_resolution': 1,
  // Otherwise all channels of a process to one address share a connection and its waiting time.
  'grpc.use_local_subchannel_pool': 1,
};

function secured({ ca, cert, key }: TlsOptions = {}) {
  return credentials.createSsl(ca ?? null, key ?? null, cert ?? null);
}

function addressOf({ hostname, port, addresses }: Place): string {
  const [first = hostname] = addresses ?? [];
  const list = (addresses ?? [hostname]).map((one) =>
    one.includes(':') ? `[${one}]:${port}` : `${one}:${port}`,
  );
  // gRPC takes several addresses of one family only; where a name has one of each, it resolves the name itself.
  return list.length === 1 ? (list[0] ?? first) : `dns:${hostname}:${port}`;
}

/** Whatever address is connected to, the service is still called by its name, and its certificate checked for it. */
function authorityOf({ hostname, port }: Place, tls: TlsOptions | undefined): ClientOptions {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname;
  return {
    'grpc.default_authority': `${host}:${port}`,
    'grpc.ssl_target_name_override': tls?.servername ?? hostname,
  };
}

function toMetadata(headers: Attempt['headers']): Metadata {
  const metadata = new Metadata();
  for (const name in headers) metadata.set(name, headers[name] ?? '');
  return metadata;
}
