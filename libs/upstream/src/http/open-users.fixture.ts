import { answerJson, type Handler, HandlerFake } from '@bff/testing';
import { z } from 'zod';
import { path } from '../path.js';
import type { Identities, UpstreamConfig } from '../upstream-options.js';
import { HttpUpstream } from './http-upstream.js';
import { tellCaller } from '../identity/identities.fixture.js';

/** What a users service answers with. */
export const User = z.object({ name: z.string() });
export const answerAda = answerJson({ name: 'Ada' });

/** A users service that behaves as `handler` does, and the upstream that calls it. */
export function openUsers(
  handler: Handler,
  config: Partial<UpstreamConfig> = {},
  identities: Identities = tellCaller,
) {
  return HandlerFake.startFor(handler, (url) => {
    const upstream = new HttpUpstream('users', { url, timeoutMs: 1_000, ...config }, identities);
    return { upstream, get: (id = '7') => upstream.get(path`/users/${id}`, User) };
  });
}
