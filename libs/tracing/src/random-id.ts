import { randomBytes } from 'node:crypto';

const poolBytes = 4096;
let pool = '';
let used = 0;

/** `bytes` random bytes as lower-case hex, from a pool: a system call and a conversion per id show in profiles. */
export function randomHex(bytes: number): string {
  if (used + 2 * bytes > pool.length) {
    pool = randomBytes(poolBytes).toString('hex');
    used = 0;
  }
  used += 2 * bytes;
  return pool.slice(used - 2 * bytes, used);
}
