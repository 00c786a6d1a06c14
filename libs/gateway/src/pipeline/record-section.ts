import { currentContext } from '@bff/context';
import { recordSpan } from '@bff/tracing';
import type { SectionResult } from '@bff/views';

/** A section of an answer as a span, for whoever has loaded an OpenTelemetry SDK into this process. */
export function recordSection(view: string, result: SectionResult): void {
  const context = currentContext();
  if (context === undefined) return;
  const { section, report, startedMs, durationMs, upstreams } = result;
  const attributes = {
    'bff.view': view,
    'bff.section': section,
    'bff.section.status': report.status,
    'bff.upstreams': [...upstreams],
  };
  recordSpan(context, {
    name: `${view}.${section}`,
    startedMs,
    durationMs,
    attributes,
    failure: report.reason,
  });
}
