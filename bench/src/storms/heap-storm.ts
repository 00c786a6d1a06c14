import { fileURLToPath } from 'node:url';
import type { StormArena } from './storm-arena.js';
import type { StormReport } from './storm.js';

const gatewayFile = fileURLToPath(new URL('../../gateway-full-heap.yaml', import.meta.url));
/** The first look at the heap is taken after the start. */
const lookedAtMs = 100;

/** A gateway for which any heap is too full refuses everything, and is alive. */
export async function heapStorm(arena: StormArena): Promise<StormReport> {
  await using gateway = await arena.startGateway({ environment: { GATEWAY_CONFIG: gatewayFile } });
  await new Promise((resolve) => setTimeout(resolve, lookedAtMs));
  const answer = await fetch(`http://127.0.0.1:${gateway.port}/api/dashboard`);
  const problem = (await answer.json()) as { readonly type?: unknown };
  const retryAfter = answer.headers.get('retry-after');
  const health = await fetch(`http://127.0.0.1:${gateway.managementPort}/health/live`);
  const isRefused =
    answer.status === 503 &&
    problem.type === 'urn:bff:overloaded' &&
    answer.headers.get('content-type') === 'application/problem+json' &&
    Number(retryAfter) > 0;
  return {
    findings: [
      {
        storm: 'heap',
        required: 'above its share of the heap: 503 as a problem with Retry-After',
        seen: `${answer.status}, ${String(problem.type)}, Retry-After ${retryAfter ?? 'missing'}`,
        verdict: isRefused ? 'met' : 'missed',
      },
      {
        storm: 'heap',
        required: '/health/live answers 200 meanwhile',
        seen: String(health.status),
        verdict: health.status === 200 ? 'met' : 'missed',
      },
    ],
  };
}
