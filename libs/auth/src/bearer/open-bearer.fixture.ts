import { HttpService } from '@nestjs/axios';
import { createProblem, ProblemError } from '@bff/problem';
import { MemoryStore } from '@bff/store';
import { DpopKey, Issuer, listen, type MintOptions } from '@bff/testing';
import express, { type NextFunction, type Request, type Response } from 'express';
import { createServer } from 'node:http';
import { BearerMethod } from './bearer.method.js';
import type { BearerOptions, ProofStore } from './bearer.options.js';
import { IssuerKeys } from './issuer-keys.js';

export interface BearerAnswer {
  readonly status: number;
  /** The caller's id, or the detail of the problem. */
  readonly text: string;
  readonly challenge: string | null;
  readonly retryAfter: string | null;
}

interface BearerCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The method behind an Express server on loopback, with an issuer and a client's key. */
export async function openBearer(
  choose: (issuer: Issuer) => Partial<BearerOptions & ProofStore> = () => ({}),
) {
  await using opened = new AsyncDisposableStack();
  const issuer = opened.use(await Issuer.start());
  const store = new MemoryStore();
  const options = { issuer: issuer.url, audience: issuer.audience, store, ...choose(issuer) };
  const http = new HttpService();
  const bearer = new BearerMethod(options, new IssuerKeys(options, http), http);
  const app = express();
  app.set('trust proxy', 1);
  app.get('/knows', (request, response) => void response.end(String(bearer.knows(request.headers))));
  app.use(async (request, response) => {
    response.end((await bearer.identify(request, response))?.id ?? 'nobody');
  });
  app.use(answerProblem);
  const listening = await listen(createServer(app));
  opened.defer(() => listening.close());
  const ask = async (path: string, { method = 'GET', headers = {} }: BearerCall): Promise<BearerAnswer> => {
    const answer = await fetch(listening.url + path, { method, headers });
    const { status } = answer;
    const [challenge, retryAfter] = ['www-authenticate', 'retry-after'].map((name) =>
      answer.headers.get(name),
    );
    return {
      status,
      text: await answer.text(),
      challenge: challenge ?? null,
      retryAfter: retryAfter ?? null,
    };
  };
  const stack = opened.move();
  return {
    issuer,
    bearer,
    key: await DpopKey.create(),
    url: listening.url,
    ask,
    /** As most clients do. */
    identify: (token: string) => ask('/', { headers: { authorization: `Bearer ${token}` } }),
    knows: async (token: string) =>
      (await ask('/knows', { headers: { authorization: `Bearer ${token}` } })).text === 'true',
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type OpenBearer = Awaited<ReturnType<typeof openBearer>>;

/** A token that is bound to the key. */
export function mintBound({ issuer, key }: OpenBearer, options: MintOptions = {}): Promise<string> {
  return issuer.mint({ ...options, claims: { cnf: { jkt: key.jkt }, ...options.claims } });
}

/** As if it were so much later: for clocks, and for what counts milliseconds. */
export async function later<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const [dateNow, performanceNow] = [Date.now, performance.now.bind(performance)];
  Date.now = () => dateNow() + ms;
  performance.now = () => performanceNow() + ms;
  try {
    return await work();
  } finally {
    Date.now = dateNow;
    performance.now = performanceNow;
  }
}

function answerProblem(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  if (!(error instanceof ProblemError)) return void response.writeHead(500).end(String(error));
  response.writeHead(createProblem(error.code).status, error.headers).end(error.detail);
}
