import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { startWebBff, type WebBff } from '../world/bff.js';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
let bff: WebBff;
beforeAll(async () => {
  trace.setGlobalTracerProvider(provider);
  bff = await startWebBff();
});
beforeEach(() => exporter.reset());
afterAll(async () => {
  await bff[Symbol.asyncDispose]();
  trace.disable();
  await provider.shutdown();
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const find = (name: string): ReadableSpan | undefined =>
  exporter.getFinishedSpans().find((span) => span.name === name);
const msOf = ([seconds, nanoseconds]: readonly [number, number]): number =>
  seconds * 1_000 + nanoseconds / 1_000_000;

test.each(['application/json', 'application/x-ndjson'])(
  'each section is a span in the trace of its request, with its time, its services and what became of it: %s',
  async (accept) => {
    await bff.orders.fails({ as: 'unreachable' });
    const beforeMs = Date.now();
    const headers = { accept, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    const answer = await bff.ada.get('/api/dashboard', { headers });
    const [, own] = /^00-\w+-(\w+)-/.exec(String(answer.headers['traceresponse'])) ?? [];
    const [user, orders] = [find('Dashboard.user'), find('Dashboard.orders')];
    expect(user).toMatchObject({
      attributes: {
        'bff.view': 'Dashboard',
        'bff.section': 'user',
        'bff.section.status': 'ok',
        'bff.upstreams': ['users'],
      },
      status: { code: 0 },
    });
    expect(orders).toMatchObject({
      attributes: { 'bff.section.status': 'fallback', 'bff.upstreams': ['orders'] },
      status: { code: 2, message: 'unreachable' },
    });
    for (const span of [user, orders]) {
      expect([span?.spanContext().traceId, span?.parentSpanContext?.spanId]).toEqual([traceId, own]);
      expect(Math.abs(msOf(span?.startTime ?? [0, 0]) - beforeMs)).toBeLessThan(5_000);
      expect(msOf(span?.duration ?? [0, 0])).toBeGreaterThan(0);
    }
  },
);
