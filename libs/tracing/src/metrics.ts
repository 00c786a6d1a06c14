import { Counter, Gauge, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;
/** What a metric is at the moment of being asked: one value for each set of labels. */
export type Readings = Iterable<readonly [labels: Labels, value: number]>;

/**
 * What this process has counted, in Prometheus' text format. Everything is read from those who count anyway at the
 * moment it is asked for, so counting costs a request nothing more than an addition.
 */
export class Metrics {
  private readonly registry = new Registry();

  get contentType(): string {
    return this.registry.contentType;
  }

  /** Something that only grows, and starts again at 0 with the process; its name ends in `_total`. */
  counter(name: string, help: string, labelNames: readonly string[], read: () => Readings): void {
    const counter = new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [],
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.inc(labels, value);
      },
    });
    this.registry.registerMetric(counter);
  }

  /** Something that goes up and down. */
  gauge(name: string, help: string, labelNames: readonly string[], read: () => Readings): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [],
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });
    this.registry.registerMetric(gauge);
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}
