import type { Hit } from '../endpoint.ts';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';

const QUEUED = 50_000;
const OUTAGE_GOES_ON_MS = 10_000;
const NEW_PER_SECOND = 20;
const NEW_SECONDS = 20;
/** What another company's endpoint may wait at most while the backlog moves. */
const NEIGHBOUR_P99_MS = 2000;

export const BACKLOGS: readonly Fault[] = [
  {
    name: 'endpoint-back-with-50000-queued',
    area: 'endpoints',
    isLong: true,
    about: 'an endpoint refuses 50,000 messages and comes back; new messages for it and its neighbour go on',
    repeats: 'never',
    settings: { ANIKA_RETRY_SCHEDULE: '0s,90s,90s,90s,90s,90s' },
    settleSeconds: 400,
    async run(field) {
      const back = await field.subscribe();
      const neighbour = await field.subscribe({ filter: { 'data.n': { gt: QUEUED } } }, (n) => n > QUEUED);
      back.endpoint.respondWith(() => ({ status: 503 }));
      await field.publisher.publish(QUEUED, { inFlight: 64 });
      await field.wait(OUTAGE_GOES_ON_MS);
      field.note(`${back.endpoint.hits.length} were tried while it refused`);
      const healedAt = Date.now();
      back.endpoint.respondWith(() => ({ status: 204 }));
      const first = QUEUED + 1;
      const sentAt = await publishNew(field);
      await field.settle(300);
      const lastMs = Math.max(...back.endpoint.hits.map((hit) => hit.atMs)) - healedAt;
      field.note(`the backlog was gone ${Math.round(lastMs / 1000)} s after the endpoint was back`);
      for (const [who, { endpoint }] of Object.entries({ itself: back, neighbour })) {
        const waits = arrivals(endpoint.hits, sentAt, first);
        field.note(`new messages for the ${who}: p50 ${at(waits, 0.5)} ms, p99 ${at(waits, 0.99)} ms`);
      }
      const p99 = at(arrivals(neighbour.endpoint.hits, sentAt, first), 0.99);
      field.require(p99 < NEIGHBOUR_P99_MS, `the neighbour's new messages took ${p99} ms`);
    },
  },
];

/** Returns when each was sent. */
async function publishNew(field: Field): Promise<ReadonlyMap<number, number>> {
  const sentAt = new Map<number, number>();
  for (let count = 0; count < NEW_PER_SECOND * NEW_SECONDS; count += 1) {
    const n = field.publisher.takeNumber();
    sentAt.set(n, Date.now());
    void field.publisher.once(n);
    await field.wait(1000 / NEW_PER_SECOND);
  }
  return sentAt;
}

function arrivals(hits: readonly Hit[], sentAt: ReadonlyMap<number, number>, first: number): number[] {
  return hits
    .filter((hit) => (hit.n ?? 0) >= first && hit.attempt === 1)
    .map((hit) => hit.atMs - (sentAt.get(hit.n ?? 0) ?? hit.atMs))
    .toSorted((a, b) => a - b);
}

function at(sorted: readonly number[], quantile: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? Number.NaN;
}
