import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, context as active, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { createContext } from '@bff/testing';
import { recordSpan } from './record-span.js';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const contexts = new AsyncLocalStorage<Context>();
beforeAll(() => {
  trace.setGlobalTracerProvider(provider);
  active.setGlobalContextManager({
    active: () => contexts.getStore() ?? ROOT_CONTEXT,
    with: (context, work, self, ...args) => contexts.run(context, () => work.call(self, ...args)),
    bind: (_context, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
});
beforeEach(() => exporter.reset());
afterAll(async () => {
  trace.disable();
  active.disable();
  await provider.shutdown();
});

const work = { name: 'work', startedMs: performance.now() - 20, durationMs: 12, attributes: { size: 3 } };
const record = () => {
  recordSpan(createContext(), work);
  return exporter.getFinishedSpans().find(({ name }) => name === 'work');
};

test('work is a span of the request, with its time', () => {
  const span = record();
  const { traceId, spanId } = createContext().trace;
  expect(span).toMatchObject({ attributes: { size: 3 }, status: { code: 0 } });
  expect([span?.spanContext().traceId, span?.parentSpanContext?.spanId]).toEqual([traceId, spanId]);
  const [seconds = 0, nanoseconds = 0] = span?.duration ?? [];
  expect(seconds * 1_000 + nanoseconds / 1e6).toBeCloseTo(12, 2);
});

test('what the SDK has open is its parent', () => {
  provider.getTracer('test').startActiveSpan('outer', (outer) => {
    expect(record()?.parentSpanContext?.spanId).toBe(outer.spanContext().spanId);
    outer.end();
  });
});

test('work that failed says why', () => {
  recordSpan(createContext(), { ...work, failure: 'timeout' });
  expect(exporter.getFinishedSpans()[0]?.status).toEqual({ code: 2, message: 'timeout' });
});
