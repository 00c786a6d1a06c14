import type { RouteMirror } from './route-traffic.js';

interface Mirrorable {
  readonly method: string;
  readonly hasBody: boolean;
}

/** Whether a copy goes to the second upstream: never of what may change something there. `draw` is from 0 to below 1. */
export function isMirrored({ share }: RouteMirror, { method, hasBody }: Mirrorable, draw: number): boolean {
  return (method === 'GET' || method === 'HEAD') && !hasBody && draw < share;
}
