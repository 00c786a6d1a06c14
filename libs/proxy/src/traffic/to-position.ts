/**
 * A text's place between 0 and 1, both excluded: the same in every process, and even for texts that are alike. FNV-1a
 * over UTF-16, mixed by the finalizer of MurmurHash3, since FNV alone leaves the first bits to the first letters.
 */
export function toPosition(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash ^= hash >>> 16;
  return ((hash >>> 0) + 0.5) / 2 ** 32;
}
