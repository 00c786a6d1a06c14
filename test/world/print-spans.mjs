// To be loaded into a process before its program (`node --import`): an OpenTelemetry SDK that writes each span that ends
// to standard error, as a line of JSON.
import { writeSync } from 'node:fs';
import { trace } from '@opentelemetry/api';
import { BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';

const exporter = {
  export(spans, done) {
    for (const { name, attributes, events, status } of spans)
      writeSync(2, `${JSON.stringify({ span: name, attributes, events, status })}\n`);
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};

trace.setGlobalTracerProvider(
  new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
);
