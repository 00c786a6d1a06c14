import type { IncomingMessage, ServerResponse } from 'node:http';
import { UpstreamError } from '@bff/problem';
import { HandlerFake, HttpClient } from '@bff/testing';
import { AnswerCache, type CachedRequest, type CacheOptions } from './answer-cache.js';
import type { ReplicaStore } from './replica-store.js';

type Headers = Readonly<Record<string, string>>;
type Ask = Partial<CachedRequest> & { readonly at?: number };

/** What the service answers with; nothing means 404. Its body says for whom it was made, and how often it was asked. */
export type Serve = (request: IncomingMessage) => (Headers & { readonly body?: string }) | undefined;

interface Options extends Partial<Omit<CacheOptions, 'replicas'>> {
  readonly store: ReplicaStore;
  readonly gateways?: readonly string[];
}

/** Caches of replicas before one service, on one clock that moves when it is told to. */
export class Replicas implements AsyncDisposable {
  nowMs = Date.now();
  /** What the next answers wait for. */
  gate: Promise<unknown> = Promise.resolve();
  readonly caches: readonly AnswerCache[];
  private readonly client: HttpClient;

  private constructor(
    readonly service: HandlerFake,
    { store, gateways = ['web-bff', 'web-bff'], ...options }: Options,
  ) {
    this.client = new HttpClient(service.url);
    this.caches = gateways.map(
      (gateway) =>
        new AnswerCache(
          'users',
          {
            maxBytes: 10_000_000,
            shared: false,
            ...options,
            replicas: { store, gateway, service: ['users', service.url], patienceMs: 20 },
          },
          () => this.nowMs,
        ),
    );
  }

  static async start(serve: Serve, options: Options): Promise<Replicas> {
    const service = await HandlerFake.start((request, response, call) => {
      void replicas.gate.then(() => answer(serve, request, response, call));
    });
    const replicas: Replicas = new Replicas(service, options);
    return replicas;
  }

  get asked(): number {
    return this.service.seen.length;
  }

  /** The whole answer that a replica gives; the first one to Ada unless told otherwise. */
  answer({ at = 0, path = '/x', identity = 'ada', headers = {} }: Ask = {}) {
    const cache = this.caches[at];
    if (cache === undefined) throw new Error(`there is no replica ${at}`);
    return cache.get({ path, identity, headers }, async (conditions) => {
      const sent = { ...headers, ...conditions, 'x-user-id': encodeURIComponent(identity) };
      const given = await this.client.get(path, { headers: sent });
      if (given.status === 404) throw new UpstreamError('users', 'rejected', '404');
      return { ...given, body: Buffer.from(given.text) };
    });
  }

  async get(ask?: Ask): Promise<string> {
    return (await this.answer(ask)).body.toString();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const cache of this.caches) await cache.close();
    await this.client[Symbol.asyncDispose]();
    await this.service[Symbol.asyncDispose]();
  }
}

function answer(serve: Serve, request: IncomingMessage, response: ServerResponse, call: number): void {
  const given = serve(request);
  if (given === undefined) return void response.writeHead(404).end();
  const { body = `${String(request.headers['x-user-id'])} ${call}`, ...headers } = given;
  const isConfirmed = headers['etag'] !== undefined && headers['etag'] === request.headers['if-none-match'];
  response.writeHead(isConfirmed ? 304 : 200, headers).end(isConfirmed ? '' : body);
}
