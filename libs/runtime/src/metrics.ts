import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

const LATENCY_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

export type Metrics = {
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  histogram<L extends string>(name: string, help: string, labels?: readonly L[]): Histogram<L>;
  gauge<L extends string>(
    name: string,
    help: string,
    more?: { labels?: readonly L[]; collect?: (gauge: Gauge<L>) => void | Promise<void> },
  ): Gauge<L>;
  /** The Prometheus text format, version 0.0.4. */
  text(): Promise<string>;
  readonly contentType: string;
};

/** A registry of its own with the process metrics (CPU, memory, event-loop lag). Durations are in seconds. */
export function createMetrics(app: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    counter: (name, help, labels = []) =>
      new Counter({ name: `anika_${name}`, help, labelNames: [...labels], registers }),
    histogram: (name, help, labels = []) =>
      new Histogram({
        name: `anika_${name}`,
        help,
        labelNames: [...labels],
        buckets: LATENCY_BUCKETS,
        registers,
      }),
    gauge: (name, help, more = {}) => {
      const { collect } = more;
      return new Gauge({
        name: `anika_${name}`,
        help,
        labelNames: [...(more.labels ?? [])],
        registers,
        ...(collect !== undefined && {
          async collect() {
            // A store that is away must not take the other figures with it.
            await Promise.resolve(collect(this)).catch(() => undefined);
          },
        }),
      });
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
