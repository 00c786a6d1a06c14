import { currentContext, type RequestContext, runInContext } from './request-context.js';

/** Runs something in the context that all parts of the request share. */
export type RunShared = <T>(work: () => T) => T;

const kept = new WeakMap<RequestContext, Map<object, unknown>>();
const runHere: RunShared = (work) => work();

/**
 * What `create` made for this request and this `owner`: one for all parts of it, gone with it. Outside of a request a
 * new one each time. What it does later for several parts belongs into `runShared`: no part's limits are theirs all.
 */
export function perRequest<T>(owner: object, create: (runShared: RunShared) => T): T {
  const context = currentContext();
  if (context === undefined) return create(runHere);
  const shared = context.shared ?? context;
  const values = kept.get(shared) ?? new Map<object, unknown>();
  kept.set(shared, values);
  if (!values.has(owner))
    values.set(
      owner,
      create((work) => runInContext(shared, work)),
    );
  return values.get(owner) as T;
}
