import { request as httpRequest, type Server } from 'node:http';
import { duplexPair } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Request } from 'express';
import { carryProof } from '@bff/auth';
import { currentContext } from '@bff/context';
import { CallerGoneError } from '@bff/problem';

export interface InnerCall {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

export interface InnerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What says who calls and through which proxies: the same for every inner call. */
const inherited = [
  'authorization',
  'dpop',
  'x-api-key',
  'cookie',
  'x-csrf',
  'origin',
  'sec-fetch-site',
  'host',
  'user-agent',
  'traceparent',
  'tracestate',
  'forwarded',
  'x-forwarded-for',
  'x-app-version',
  'x-app-platform',
];

/**
 * Makes calls to this gateway itself on behalf of the caller of `outer`: over real HTTP on a connection in memory,
 * so each goes the whole way of a request, with its own identity check, limits, deadline and access log line.
 */
@Injectable()
export class InnerCalls {
  constructor(private readonly host: HttpAdapterHost) {}

  /** Rejects with CallerGoneError when the caller of `outer` hangs up; the inner call is then aborted too. */
  call(outer: Request, { method, path, headers, body }: InnerCall): Promise<InnerAnswer> {
    const signal = currentContext()?.ending.signal;
    return new Promise((resolve, reject) => {
      const onFailure = (error: unknown): void =>
        reject(signal?.aborted ? new CallerGoneError({ cause: error }) : error);
      const call = httpRequest({
        method,
        path,
        headers: { ...headers, ...inheritedHeaders(outer), ...remainingTime() },
        createConnection: () => this.connect(outer),
        ...(signal === undefined ? {} : { signal }),
      });
      call.once('error', onFailure);
      call.once('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', onFailure);
        answer.once('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: toPlain(answer.headers),
            body: Buffer.concat(chunks),
          }),
        );
      });
      call.end(body);
    });
  }

  /** A connection to our own server that no network has seen; it counts for the address of the outer one. */
  private connect(outer: Request) {
    const [ours, theirs] = duplexPair();
    carryProof(outer, theirs);
    Object.defineProperty(theirs, 'remoteAddress', { value: outer.socket.remoteAddress });
    (this.host.httpAdapter.getHttpServer() as Server).emit('connection', theirs);
    return ours;
  }
}

/** An inner call has no more time than the outer one has left. */
function remainingTime(): Record<string, string> {
  const remainingMs = currentContext()?.deadline.remainingMs();
  return remainingMs === undefined ? {} : { 'x-timeout-ms': String(Math.max(1, Math.floor(remainingMs))) };
}

function inheritedHeaders({ headers }: Request): Record<string, string> {
  const present = inherited.filter((name) => typeof headers[name] === 'string');
  return Object.fromEntries(present.map((name) => [name, headers[name] as string]));
}

function toPlain(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
}
