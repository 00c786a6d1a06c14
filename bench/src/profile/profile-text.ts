import { textTable } from '../report/text-table.js';
import type { SelfTimes, Times } from './self-times.js';

const rowsShown = 25;

/** Two tables, by package or file and by function: the largest self times first. */
export function profileText({ byOwner, byFunction, busyUs, idleUs }: SelfTimes, requests: number): string {
  const table = (title: string, times: ReadonlyMap<string, Times>) => {
    const rows = [...times]
      .toSorted(([, a], [, b]) => b.selfUs - a.selfUs)
      .slice(0, rowsShown)
      .map(([name, { selfUs, withNodeUs }]) => [
        name,
        percent(selfUs / busyUs),
        (selfUs / requests).toFixed(1),
        percent(withNodeUs / busyUs),
        (withNodeUs / requests).toFixed(1),
      ]);
    return textTable([title, 'self', 'µs/request', 'with Node', 'µs/request'], rows);
  };
  return [
    table('package, or file of ours', byOwner),
    table('function', byFunction),
    `${requests} requests, ${(busyUs / requests).toFixed(0)} µs each on the main thread; idle ${percent(idleUs / (busyUs + idleUs))}.`,
    '"with Node" adds what the code called in Node and in native code, up to the next package or file of ours.',
  ].join('\n\n');
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
