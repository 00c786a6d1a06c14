import type { RouteSplit } from './route-traffic.js';
import { toPosition } from './to-position.js';

interface Asking {
  /** Of the route: so the same callers are not the first everywhere. */
  readonly route: string;
  /** Whoever stays with one upstream. */
  readonly caller: string;
  /** By its name in lower case. */
  readonly header: (name: string) => string | undefined;
}

/**
 * Which upstream of a split gets a request: the one that the header asks for, else always the same for one caller, by
 * weighted rendezvous hashing (Schindelhauer and Schomaker, 2005). When weights change, callers move to what has got
 * heavier, or from what has got lighter, and nobody else does.
 */
export function chooseUpstream({ parts, header }: RouteSplit, asking: Asking): string | undefined {
  const asked = header && asking.header(header.name.toLowerCase());
  if (header !== undefined && asked !== undefined && Object.hasOwn(header.values, asked))
    return header.values[asked];
  let chosen: string | undefined;
  let highest = 0;
  for (const { upstream, weight } of parts) {
    const position = toPosition(`${asking.route}\n${asking.caller}\n${upstream}`);
    const score = weight / -Math.log(position);
    if (score <= highest) continue;
    chosen = upstream;
    highest = score;
  }
  return chosen;
}
