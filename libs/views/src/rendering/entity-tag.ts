import type { Request } from 'express';
// A quarter of what SHA-1 costs, which was 2 % of a dashboard; nobody has to be kept from finding collisions here.
import xxhash from 'xxhash-wasm';

/** Weak: the same content in another encoding has the same one. */
export type TagOf = (body: string) => string;

export async function createTagOf(): Promise<TagOf> {
  const { h64ToString } = await xxhash();
  return (body) => `W/"${h64ToString(body)}"`;
}

/**
 * Whether a caller who reads has what `tag` names (RFC 9110, section 13.1.2, weak comparison). `Cache-Control:
 * no-cache`, which `fetch` adds where somebody sets If-None-Match, is for caches on the way, and none of our business.
 */
export function hasAlready({ method, headers }: Request, tag: string): boolean {
  const asked = headers['if-none-match'];
  if (asked === undefined || (method !== 'GET' && method !== 'HEAD')) return false;
  return (
    asked.trim() === '*' || (asked.match(/(?:W\/)?"[^"]*"/g) ?? []).some((one) => weak(one) === weak(tag))
  );
}

function weak(tag: string): string {
  return tag.startsWith('W/') ? tag.slice(2) : tag;
}
