import type { RouteCache } from '@bff/proxy';
import { CacheControl, type Keeping } from '@bff/upstream';

/** The head of an answer. Lower-case names; several lines of one name are joined, as a list is. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** What may be kept; of an error only the service says how long. */
const kept = new Set([200, 203]);
const keptWhenTold = new Set([404, 410]);

/**
 * How long one answer may be kept: the strictest of what the route says and of what the service does (RFC 9111,
 * section 5.2.2; RFC 5861). What a service says nothing about is the route's to say. Undefined: not at all.
 */
export function toKeeping(
  rules: RouteCache,
  { status, headers }: AnswerHead,
  labels: readonly string[],
): Keeping | undefined {
  const control = new CacheControl(headers['cache-control'] ?? headers['pragma']);
  const toldSeconds = freshSeconds(control, headers, rules.shared);
  const mayKeep = kept.has(status) || (keptWhenTold.has(status) && toldSeconds !== undefined);
  if (!mayKeep || forbids(control, headers, rules.shared)) return undefined;
  const lifetimes = {
    'max-age': least(rules.maxAgeSeconds, toldSeconds),
    'stale-if-error': least(rules.staleIfErrorSeconds, told(control, 'stale-if-error')),
    'stale-while-revalidate': least(
      rules.staleWhileRevalidateSeconds,
      told(control, 'stale-while-revalidate'),
    ),
  };
  const flags = ['no-cache', 'must-revalidate', 'proxy-revalidate'].filter((name) => control.has(name));
  // RFC 9111, section 5.2.2.10.
  if (rules.shared && control.has('s-maxage')) flags.push('must-revalidate');
  const limits = Object.entries(lifetimes).flatMap(([name, most]) =>
    most === undefined ? [] : [`${name}=${most}`],
  );
  return { control: [...limits, ...flags].join(', '), labels };
}

/** Never a cookie, nor a stream of events, which has no end. */
function forbids(control: CacheControl, headers: AnswerHead['headers'], isShared: boolean): boolean {
  return (
    control.has('no-store') ||
    (isShared && control.has('private')) ||
    headers['set-cookie'] !== undefined ||
    headers['set-cookie2'] !== undefined ||
    (headers['content-type'] ?? '').startsWith('text/event-stream')
  );
}

/** RFC 9111, section 4.2.1. Undefined: the service says nothing. */
function freshSeconds(
  control: CacheControl,
  { expires, date }: AnswerHead['headers'],
  isShared: boolean,
): number | undefined {
  if (isShared && control.has('s-maxage')) return control.seconds('s-maxage');
  if (control.has('max-age')) return control.seconds('max-age');
  if (expires === undefined) return undefined;
  const sinceMs = date === undefined ? Date.now() : Date.parse(date);
  const ms = Date.parse(expires) - sinceMs;
  return Number.isFinite(ms) ? Math.max(0, Math.floor(ms / 1_000)) : 0;
}

function told(control: CacheControl, name: string): number | undefined {
  return control.has(name) ? control.seconds(name) : undefined;
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.min(one, other);
}
