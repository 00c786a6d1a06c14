import type { Store } from '@bff/store';
import { AnswerCache } from '@bff/upstream';
import { CachedAnswers } from './cached-answers.js';

/** Of all routes together. */
const maxBytes = 64 * 1_048_576;
const patienceMs = 50;

/** `store`: where replicas share; undefined: each has its own. */
export function openCachedAnswers(gateway: string, store: Store | undefined): CachedAnswers {
  const replicas = store && { store, gateway, service: ['routes'], patienceMs };
  return new CachedAnswers(new AnswerCache('routes', { maxBytes, shared: false, replicas }));
}
