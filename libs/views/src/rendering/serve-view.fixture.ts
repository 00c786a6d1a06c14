import { createServer } from 'node:http';
import { runInContext } from '@bff/context';
import { toProblemError, writeProblem } from '@bff/problem';
import { MemoryStore } from '@bff/store';
import { createContext, listen } from '@bff/testing';
import express from 'express';
import type { ViewLoad } from '../view.js';
import { type RenderOptions, ViewRenderer } from './view-renderer.js';

/** A server that answers every request with what `load` gives, as the caller who is named in `x-caller`. */
export async function serveView(load: () => ViewLoad, options: Partial<RenderOptions> = {}) {
  const renderer = await ViewRenderer.create({ meta: 'always', store: new MemoryStore(), ...options });
  const app = express();
  app.use((request, response) => {
    const leaving = new AbortController();
    response.on('close', () => leaving.abort());
    const id = request.headers['x-caller'];
    const context = createContext({ signal: leaving.signal });
    if (typeof id === 'string') context.caller = { id, scopes: new Set() };
    const rendering = runInContext(context, () => renderer.render(load(), request, response));
    rendering.catch((error: unknown) => {
      if (!response.destroyed) writeProblem(request, response, toProblemError(error));
    });
  });
  const listening = await listen(createServer(app));
  return {
    renderer,
    get: (path = '/', headers: Record<string, string> = {}, signal: AbortSignal | null = null) =>
      fetch(listening.url + path, { headers, signal }),
    [Symbol.asyncDispose]: () => listening.close(),
  };
}
