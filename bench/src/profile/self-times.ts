import type { Profiler, Runtime } from 'node:inspector';
import { type Owner, ownerOf } from './frame-owner.js';

export interface Times {
  /** Spent in the code itself. */
  selfUs: number;
  /** The same with what it called in Node, in native code: all that is not another package's. */
  withNodeUs: number;
}

export interface SelfTimes {
  readonly byOwner: ReadonlyMap<string, Times>;
  /** By function, file and line. */
  readonly byFunction: ReadonlyMap<string, Times>;
  /** All of it without idling. */
  readonly busyUs: number;
  readonly idleUs: number;
}

interface Code {
  readonly owner: string;
  readonly code: string;
}

interface Place extends Code {
  /** Itself, or the nearest caller that is a package's or ours. */
  readonly paidBy: Code | undefined;
  readonly isIdle: boolean;
}

export function toSelfTimes(profile: Profiler.Profile): SelfTimes {
  const byOwner = new Map<string, Times>();
  const byFunction = new Map<string, Times>();
  let busyUs = 0;
  let idleUs = 0;
  const spentUs = timesByNode(profile);
  for (const [id, { owner, code, paidBy, isIdle }] of placesOf(profile.nodes)) {
    const us = spentUs.get(id) ?? 0;
    if (isIdle) {
      idleUs += us;
      continue;
    }
    busyUs += us;
    timesIn(byOwner, owner).selfUs += us;
    timesIn(byFunction, code).selfUs += us;
    timesIn(byOwner, paidBy?.owner ?? owner).withNodeUs += us;
    timesIn(byFunction, paidBy?.code ?? code).withNodeUs += us;
  }
  return { byOwner, byFunction, busyUs, idleUs };
}

/** A sample stands for the time until the next one. */
function timesByNode({ samples = [], timeDeltas = [] }: Profiler.Profile): Map<number, number> {
  const spentUs = new Map<number, number>();
  for (const [index, id] of samples.entries())
    spentUs.set(id, (spentUs.get(id) ?? 0) + (timeDeltas[index + 1] ?? 0));
  return spentUs;
}

/** Parents come before their children in a profile. */
function placesOf(nodes: readonly Profiler.ProfileNode[]): Map<number, Place> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const places = new Map<number, Place>();
  for (const { id, callFrame } of nodes) {
    const owner = ownerOf(callFrame);
    const own = { owner: owner.name, code: codeOf(callFrame, owner) };
    const paidBy = isPayer(owner) ? own : places.get(parents.get(id) ?? 0)?.paidBy;
    places.set(id, { ...own, paidBy, isIdle: owner.name === '(idle)' });
  }
  return places;
}

function isPayer({ kind }: Owner): boolean {
  return kind === 'package' || kind === 'ours';
}

function codeOf({ functionName, lineNumber, url }: Runtime.CallFrame, { kind, name }: Owner): string {
  if (kind === 'engine' || kind === 'native') return name;
  const file = kind === 'package' ? `${name}/${url.split(`/node_modules/${name}/`).at(-1)}` : name;
  return `${functionName || '(anonymous)'}  ${file}:${lineNumber + 1}`;
}

function timesIn(map: Map<string, Times>, key: string): Times {
  const known = map.get(key) ?? { selfUs: 0, withNodeUs: 0 };
  map.set(key, known);
  return known;
}
