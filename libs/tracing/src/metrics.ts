import { Counter, Gauge, type Metric, type MetricConfiguration, Registry } from 'prom-client';

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
    const collect = (): void => {
      metric.reset();
      for (const [labels, value] of read()) metric.inc(labels, value);
    };
    const metric: Counter = this.add(new Counter(optionsOf(name, help, labelNames, collect)));
  }

  /** Something that goes up and down. */
  gauge(name: string, help: string, labelNames: readonly string[], read: () => Readings): void {
    const collect = (): void => {
      metric.reset();
      for (const [labels, value] of read()) metric.set(labels, value);
    };
    const metric: Gauge = this.add(new Gauge(optionsOf(name, help, labelNames, collect)));
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private add<M extends Metric>(metric: M): M {
    this.registry.registerMetric(metric);
    return metric;
  }
}

function optionsOf(
  name: string,
  help: string,
  labelNames: readonly string[],
  collect: () => void,
): MetricConfiguration<string> & { collect: () => void } {
  return { name, help, labelNames: [...labelNames], registers: [], collect };
}
