import { currentContext, Ending, runInContext } from '@bff/context';
import { AbandonedError } from '@bff/problem';

/**
 * Runs `work` so that everything it has started ends when it fails: what is still under way then is needed by nobody.
 * The caller's hang-up ends it too, as before.
 */
export async function abandonSiblings<T>(work: () => Promise<T>): Promise<T> {
  const context = currentContext();
  if (context === undefined) return work();
  const ending = new Ending(context.ending);
  try {
    return await runInContext({ ...context, ending }, work);
  } catch (error) {
    ending.end(new AbandonedError());
    throw error;
  }
}
