import type { StreamResult } from './driver/storm-load.js';
import type { Finding } from './finding.js';
import type { Gateway, StormArena } from './storm-arena.js';

export interface StormOptions {
  readonly arena: StormArena;
  /** Warmed up. */
  readonly gateway: Gateway;
  /** Answers a second it can give. */
  readonly peak: number;
  /** How long the worst of it lasts. */
  readonly seconds: number;
}

export interface StormReport {
  readonly findings: readonly Finding[];
  /** Second by second, for who wants to look closer. */
  readonly streams?: readonly StreamResult[];
}

export type Storm = (options: StormOptions) => Promise<StormReport>;
