import type { z } from 'zod';
import type { ReplicaCache } from '../cache/replica-store.js';
import type { ChangeOptions } from '../change-options.js';
import type { EncodedPath } from '../path.js';
import { readAnswer } from '../read-answer.js';
import type { Identities, UpstreamConfig } from '../upstream-options.js';
import type { HttpAnswer } from './http-answer.js';
import type { HttpRequest } from './http-connection.js';
import { HttpEngine } from './http-engine.js';
import { acceptJson, checkMedia, jsonMedia, readJsonBody } from './json.js';

const sendJson = { ...acceptJson, 'content-type': 'application/json' };

/**
 * A service that speaks HTTP and JSON. Its methods throw UpstreamError, CallerGoneError or AbandonedError. What a
 * schema does not name is dropped; an answer without a body is `undefined` to it.
 */
export class HttpUpstream {
  static readonly protocol = 'http';
  http: HttpEngine;

  constructor(name: string, config: UpstreamConfig, identities: Identities, replicas?: ReplicaCache) {
    this.http = new HttpEngine(name, config, identities, replicas);
  }

  get<S extends z.ZodType>(path: EncodedPath, schema: S): Promise<z.output<S>> {
    return this.call({ method: 'GET', path: path.text, headers: acceptJson }, schema);
  }

  /** Never sent twice, unless there is an idempotency key. */
  post<S extends z.ZodType>(path: EncodedPath, body: unknown, schema: S, options?: ChangeOptions) {
    return this.change('POST', path, body, schema, options);
  }

  /** Replaces; may be sent twice (RFC 9110, section 9.2.2). */
  put<S extends z.ZodType>(path: EncodedPath, body: unknown, schema: S, options?: ChangeOptions) {
    return this.change('PUT', path, body, schema, options);
  }

  /** Never sent twice, unless there is an idempotency key. */
  patch<S extends z.ZodType>(path: EncodedPath, body: unknown, schema: S, options?: ChangeOptions) {
    return this.change('PATCH', path, body, schema, options);
  }

  /** May be sent twice (RFC 9110, section 9.2.2). */
  delete<S extends z.ZodType>(path: EncodedPath, schema: S): Promise<z.output<S>> {
    return this.call({ method: 'DELETE', path: path.text, headers: acceptJson }, schema);
  }

  private change<S extends z.ZodType>(
    method: HttpRequest['method'],
    path: EncodedPath,
    body: unknown,
    schema: S,
    { idempotencyKey }: ChangeOptions = {},
  ): Promise<z.output<S>> {
    const headers: Record<string, string> = { ...sendJson };
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    const request = { method, path: path.text, headers, body: JSON.stringify(body) };
    return this.call(request, schema, idempotencyKey === undefined ? {} : { idempotent: true });
  }

  private call<S extends z.ZodType>(
    request: HttpRequest,
    schema: S,
    semantics?: { readonly idempotent?: boolean },
  ): Promise<z.output<S>> {
    const { name, prefix } = this.http;
    const read = (answer: HttpAnswer) => readAnswer(name, schema, readJsonBody(name, answer, schema));
    return this.http.send(
      prefix === '' ? request : { ...request, path: prefix + request.path },
      { check: this.check, read },
      semantics,
    );
  }

  private readonly check = (answer: HttpAnswer): void => checkMedia(this.http.name, answer, jsonMedia);

  adopt(fresh: HttpUpstream): HttpEngine {
    const before = this.http;
    this.http = fresh.http;
    return before;
  }

  moveTo(url: string): void {
    this.http.moveTo(url);
  }

  state() {
    return this.http.state();
  }

  close(): Promise<void> {
    return this.http.close();
  }
}
