import type { Metrics } from '@anika/runtime/metrics';

type Depth = { readonly queue: string; readonly state: string; readonly jobs: number };

/** Told of each request that was answered; in seconds. */
export function observeRequests(metrics: Pick<Metrics, 'histogram'>) {
  const seconds = metrics.histogram('http_request_seconds', 'Duration of API requests', ['route', 'status']);
  return (route: string, status: number, duration: number): void =>
    seconds.observe({ route, status: String(status) }, duration);
}

export function showDeferred(metrics: Pick<Metrics, 'gauge'>, count: () => Promise<number>): void {
  metrics.gauge('deferred_messages', 'Messages that are fanned out as there is time for them', {
    collect: async (gauge) => gauge.set(await count()),
  });
}

export function showQueues(metrics: Pick<Metrics, 'gauge'>, depths: () => Promise<readonly Depth[]>): void {
  metrics.gauge('queue_jobs', 'Jobs by queue and state', {
    labels: ['queue', 'state'],
    collect: async (gauge) => {
      for (const { queue, state, jobs } of await depths()) gauge.set({ queue, state }, jobs);
    },
  });
}
