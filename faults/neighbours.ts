import { monitorEventLoopDelay } from 'node:perf_hooks';
import { eventually } from '@anika/testkit/eventually';
import type { Endpoint } from './endpoint.ts';
import type { Field } from './field.ts';

/** What good companies had of a stretch of time. */
export type Measured = {
  readonly messages: number;
  /** From when a message was to be sent until it arrived, in milliseconds; infinite when more than 1 % never did. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of this program, which sends and takes: what it was late itself is in the figures. */
  readonly ownDelayP99Ms: number;
};

export type Neighbours = {
  /** The one that all of them have, each at a path of its own. */
  readonly endpoint: Endpoint;
  /** Publishes for so long, and waits for what arrives. */
  measure(seconds: number): Promise<Measured>;
};

/** "A few messages a second": twenty of them are a busy day of a real installation. */
const EACH_PER_SECOND = 2;
const ARRIVES_WITHIN_MS = 30_000;

/** Good companies, each with a topic of its own and one subscription to it; they are the field's from then on. */
export async function openNeighbours(field: Field, count: number): Promise<Neighbours> {
  const endpoint = await field.openEndpoint();
  const routes = [];
  for (let index = 0; index < count; index += 1)
    routes.push(await openOne(field, { endpoint, index, count }));
  field.publishTo(routes);
  return {
    endpoint,
    async measure(seconds) {
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const load = field.publisher.start(count * EACH_PER_SECOND);
      await field.wait(seconds * 1000);
      await load.stop();
      const hasArrived = () => latencies(endpoint, load.intendedAtMs).every(Number.isFinite);
      await eventually(hasArrived, { timeoutMs: ARRIVES_WITHIN_MS, everyMs: 50 }).catch(() => undefined);
      delay.disable();
      const sorted = latencies(endpoint, load.intendedAtMs).toSorted((a, b) => a - b);
      return {
        messages: sorted.length,
        p50Ms: quantile(sorted, 0.5),
        p99Ms: quantile(sorted, 0.99),
        ownDelayP99Ms: Math.round(delay.percentile(99) / 1e6),
      };
    },
  };
}

type One = { readonly endpoint: Endpoint; readonly index: number; readonly count: number };

async function openOne(field: Field, { endpoint, index, count }: One) {
  const { client } = field.scene;
  const { token } = await client.createPartner(`Добрая ${index + 1}`);
  const topic = await client.call('POST', '/v1/topics', { token, body: { name: 'Выбор машины' } });
  const topicId: string = topic.body.id;
  const key = await client.call('POST', '/v1/api-keys', { token, body: { name: 'x', scopes: ['publish'] } });
  const path = `/good-${index + 1}`;
  const made = await client.call('POST', '/v1/subscriptions', {
    token,
    body: { topicId, url: endpoint.url + path },
  });
  const { id, secret, state } = made.body;
  if (state !== 'active') throw new Error(`not active: ${JSON.stringify(made.body)}`);
  endpoint.trust(path, secret);
  field.judge({ id, path, secret, endpoint, wants: (n) => n % count === index });
  return { topicId, token: key.body.key };
}

/** Of each number; infinite where nothing came. */
function latencies({ hits }: Endpoint, intendedAtMs: ReadonlyMap<number, number>): number[] {
  const arrivedAtMs = new Map<number, number>();
  for (const { n, atMs } of hits) {
    if (n !== undefined && !arrivedAtMs.has(n)) arrivedAtMs.set(n, atMs);
  }
  return [...intendedAtMs].map(([n, atMs]) => (arrivedAtMs.get(n) ?? Number.POSITIVE_INFINITY) - atMs);
}

function quantile(sorted: readonly number[], part: number): number {
  const index = Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1);
  return Math.round(sorted[index] ?? Number.POSITIVE_INFINITY);
}
