import { currentContext, runInContext } from '@bff/context';
import { AbandonedError } from '@bff/problem';

/**
 * Runs `work` so that everything it has started ends when it fails: what is still under way then is needed by nobody.
 * The caller's hang-up ends it too, as before.
 */
export async function abandonSiblings<T>(work: () => Promise<T>): Promise<T> {
  const context = currentContext();
  if (context === undefined) return work();
  const ending = new AbortController();
  const onCallerGone = (): void => ending.abort(context.signal.reason);
  if (context.signal.aborted) onCallerGone();
  else context.signal.addEventListener('abort', onCallerGone, { once: true });
  try {
    return await runInContext({ ...context, signal: ending.signal }, work);
  } catch (error) {
    ending.abort(new AbandonedError());
    throw error;
  } finally {
    context.signal.removeEventListener('abort', onCallerGone);
  }
}
