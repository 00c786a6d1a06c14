import type CachePolicy from 'http-cache-semantics';
import type { HttpAnswer } from '../http/http-answer.js';
import type { CachedRequest } from './cached-request.js';
import { CacheControl } from './cache-control.js';
import type { ReplicaPlace } from './replica-answers.js';
import { setsCookie, toStorableHeaders } from './storable-headers.js';
import { everybody, StoredAnswer } from './stored-answer.js';
import { isSeenByAll, readVary } from './vary.js';

export interface StorageRules {
  readonly Policy: typeof CachePolicy;
  readonly mayShare: boolean;
  /** Since 1970, by another replica's clock, where that one received it. Default: now. */
  readonly receivedAtMs?: number;
}

/** Other than 200, and stored only while they say how long. */
const alsoStored = new Set([203, 404, 410]);
/** Nothing is fresh by a guess from its age, nor for being immutable: only for as long as it says. */
const explicitOnly = { cacheHeuristic: 0, immutableMinTimeToLive: 0 };

/** Undefined for what may not be stored (RFC 9111, section 3), and for what could never serve. */
export function toStoredAnswer(
  request: CachedRequest,
  answer: HttpAnswer,
  { Policy, mayShare, receivedAtMs }: StorageRules,
): StoredAnswer | undefined {
  const { status, body, keep } = answer;
  if (status !== 200 && !alsoStored.has(status)) return undefined;
  const headers = toStorableHeaders(answer.headers);
  const control = new CacheControl(keep?.control ?? headers['cache-control']);
  if (control.has('no-store')) return undefined;
  const vary = readVary(headers['vary'], request.headers);
  if (vary === undefined) return undefined;
  const isPublic = control.has('public') && !control.has('private');
  const shared = mayShare && isPublic && !setsCookie(answer) && isSeenByAll(vary);
  const policy = new Policy(
    { method: 'GET', url: request.path, headers: {} },
    { status, headers: { ...headers, 'cache-control': control.forPolicy() } },
    { ...explicitOnly, shared },
  );
  if (!policy.storable()) return undefined;
  const owner = shared ? everybody : request.identity;
  const stored = new StoredAnswer({
    path: request.path,
    owner,
    vary,
    status,
    headers,
    body,
    keep,
    control,
    policy: receivedAtMs === undefined ? policy : receivedAt(receivedAtMs, policy, Policy),
  });
  return stored.canServe && (status === 200 || stored.isFresh) ? stored : undefined;
}

/**
 * What another replica stored for this request; the caller's own answer before one for everybody. What was stored for
 * one identity stays with it, for the cookie that may have kept it from being everybody's is not stored.
 */
export function toFoundAnswer(
  request: CachedRequest,
  { own, everybodys }: Pick<ReplicaPlace, 'own' | 'everybodys'>,
  rules: StorageRules,
): StoredAnswer | undefined {
  const found =
    own && toStoredAnswer(request, own, { ...rules, mayShare: false, receivedAtMs: own.receivedAtMs });
  if (found !== undefined || everybodys === undefined) return found;
  return toStoredAnswer(request, everybodys, { ...rules, receivedAtMs: everybodys.receivedAtMs });
}

/** Never in the future, should the other clock be ahead of ours. */
function receivedAt(atMs: number, policy: CachePolicy, Policy: typeof CachePolicy): CachePolicy {
  const { t: nowMs, ...same } = policy.toObject();
  return Policy.fromObject({ ...same, t: Math.min(atMs, nowMs) });
}
