import { perRequest } from '@bff/context';
import DataLoader from 'dataloader';

/**
 * Gathers what the parts of a request ask for at one time into one call, and asks for nothing twice. `load` gives one
 * value a key, in the order of the keys. One loader a request and `owner`: nothing is shared between callers.
 */
export function batchLoader<K, V>(
  owner: object,
  load: (keys: readonly K[]) => Promise<readonly (V | Error)[]>,
): DataLoader<K, V> {
  return perRequest(owner, (runShared) => new DataLoader<K, V>((keys) => runShared(() => load(keys))));
}
