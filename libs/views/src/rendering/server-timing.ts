import type { SectionResult } from '../section-run.js';

/**
 * For the browser's developer tools (W3C Server Timing): each section with its duration, what became of it, and the
 * services that were called for it.
 */
export function toServerTiming(results: readonly SectionResult[]): string {
  return results.map(toMetric).join(', ');
}

function toMetric({ section, durationMs, report, upstreams }: SectionResult): string {
  const status = report.reason === undefined ? report.status : `${report.status} ${report.reason}`;
  const from = upstreams.length === 0 ? '' : `: ${upstreams.join(' ')}`;
  return `${section};dur=${Math.round(durationMs * 10) / 10};desc="${status}${from}"`;
}
