import { unwatchFile, watchFile } from 'node:fs';

/** By looking at the file from time to time: that also sees a file that is replaced, or behind a link that is. */
const lookEveryMs = 250;

/** Returns what stops it. Keeps no process alive. */
export function watchForChanges(path: string, onChange: () => void): () => void {
  const look = (): void => onChange();
  watchFile(path, { interval: lookEveryMs, persistent: false }, look);
  return () => unwatchFile(path, look);
}
