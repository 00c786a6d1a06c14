import type { Metrics } from '@bff/tracing';
import type { LoadShedder } from '../server/load-shedder.js';

/** What this process has in hand, and what it refuses. */
export function addLoad(metrics: Metrics, shedder: LoadShedder): void {
  metrics.counter('bff_requests_refused_total', 'Requests refused by an overloaded process', [], () => [
    [{}, shedder.refused],
  ]);
  metrics.gauge('bff_requests_in_flight', 'Requests being answered', [], () => [[{}, shedder.inFlight]]);
  metrics.gauge('bff_requests_waiting', 'Those of them that are not begun yet', [], () => [
    [{}, shedder.waiting],
  ]);
  metrics.gauge('bff_event_loop_lag_seconds', 'How late this process runs', [], () => [
    [{}, shedder.lateMs / 1_000],
  ]);
}

export function addProcess(metrics: Metrics): void {
  metrics.gauge('process_resident_memory_bytes', 'Resident memory', [], () => [
    [{}, process.memoryUsage.rss()],
  ]);
  metrics.counter('process_cpu_seconds_total', 'User and system CPU time', [], () => {
    const { user, system } = process.cpuUsage();
    return [[{}, (user + system) / 1_000_000]];
  });
}
