import type { Request, Response } from 'express';
import { ProblemError } from '@bff/problem';
import { toDeprecationHeaders } from '@bff/proxy';
import type { Readings } from '@bff/tracing';
import { type AppVersion, readAppVersion } from './app-version.js';
import { VersionRules, type VersionsEntry } from './version-rules.js';

type Outcome = 'supported' | 'deprecated' | 'blocked' | 'unknown';

/**
 * Which versions of the app are served, by `X-App-Platform` and `X-App-Version`. Who does not say what he is, or says
 * it in a way that nobody understands, is served: a rule is about versions it can tell.
 */
export class AppVersions {
  private rules = new Map<string, VersionRules>();
  private readonly counts = new Map<string, Map<Outcome, number>>();

  constructor(entries: Readonly<Record<string, VersionsEntry>>) {
    this.use(entries);
  }

  /** Takes the place of all that was; requests are held to it from the next one on. */
  use(entries: Readonly<Record<string, VersionsEntry>>): void {
    this.rules = new Map(Object.entries(entries).map(([name, entry]) => [name, new VersionRules(entry)]));
  }

  /** Throws `app_version_blocked` (426); puts into the answer what a version on its way out has to know. */
  check({ headers }: Request, response: Response): void {
    if (this.rules.size === 0) return;
    const platform = one(headers['x-app-platform'])?.toLowerCase() ?? '';
    const rules = this.rules.get(platform);
    const version = readAppVersion(headers['x-app-version']);
    if (rules === undefined || version === undefined)
      return this.count(rules === undefined ? 'other' : platform, 'unknown');
    const nowMs = Date.now();
    if (rules.isBlocked(version, nowMs)) {
      this.count(platform, 'blocked');
      throw blocked(platform, rules, version, nowMs);
    }
    const isDeprecated = rules.isDeprecated(version);
    this.count(platform, isDeprecated ? 'deprecated' : 'supported');
    if (isDeprecated) tellDeprecation(rules.entry, response);
  }

  *read(): Readings {
    for (const [platform, outcomes] of this.counts)
      for (const [outcome, count] of outcomes) yield [{ platform, outcome }, count];
  }

  /** Platforms are those of the file, and `other`. */
  private count(platform: string, outcome: Outcome): void {
    let outcomes = this.counts.get(platform);
    if (outcomes === undefined) this.counts.set(platform, (outcomes = new Map()));
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
}

function blocked(platform: string, rules: VersionRules, version: AppVersion, nowMs: number): ProblemError {
  const minimumVersion = rules.wayOutOf(version, nowMs);
  const { store } = rules.entry;
  return new ProblemError('app_version_blocked', `Update the app to version ${minimumVersion} or newer.`, {
    members: { minimumVersion, ...(store === undefined ? {} : { storeUrl: store }) },
    // RFC 9110, section 15.5.22: a 426 says what to upgrade to.
    headers: { Upgrade: `${platform}-app/${minimumVersion}` },
  });
}

function tellDeprecation({ deprecated, store }: VersionsEntry, response: Response): void {
  if (deprecated === undefined) return;
  const { at: atMs, sunset: sunsetAtMs, link = store } = deprecated;
  for (const [name, value] of Object.entries(toDeprecationHeaders({ atMs, sunsetAtMs, link })))
    response.setHeader(name, value);
}

function one(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
