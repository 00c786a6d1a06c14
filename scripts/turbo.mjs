import { join } from 'node:path';

/** turbo's own start script, to be run with Node: needs no shell and no PATH. */
export function turboScript(root) {
  return join(root, 'node_modules', 'turbo', 'bin', 'turbo');
}
