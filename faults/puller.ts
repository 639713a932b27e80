import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '@anika/client/client';
import { createApiKey } from '@anika/contracts/partners';
import { ackDeliveries, type PulledDelivery, pullDeliveries } from '@anika/contracts/pulls';
import { createSubscription } from '@anika/contracts/subscriptions';
import { type Endpoint, type Hit, hitOf } from './endpoint.ts';
import type { Field, Subscribed } from './field.ts';

/** A reader that pulls: what an endpoint is to the suite, which asks instead of being asked. */
export type Puller = {
  readonly subscribed: Subscribed;
  readonly hits: readonly Hit[];
  /** Deliveries that somebody was given while somebody else had a live lease. */
  readonly doubles: readonly string[];
};

const LEASE_SECONDS = 5;
const ASK = { max: 20, waitSeconds: 1, leaseSeconds: LEASE_SECONDS };
const AGAIN_MS = 50;

/** Pulls with so many at once until the field is closed, and says `done` of all it gets. */
export async function openPuller(field: Field, atOnce: number): Promise<Puller> {
  const { reader, topicId } = field.scene;
  const { key } = await reader.client.ask(createApiKey, { body: { name: 'puller', scopes: ['receive'] } });
  const wish = { topicId, delivery: { type: 'pull' } } as const;
  const { id, secret } = await reader.client.ask(createSubscription, { body: wish });
  const params = { id };
  const hits: Hit[] = [];
  const doubles: string[] = [];
  /** Until when at least a delivery is its puller's. */
  const leasedUntilMs = new Map<string, number>();
  let isClosed = false;

  function take({ deliveryId, headers, body }: PulledDelivery, askedAtMs: number): void {
    if (Date.now() < (leasedUntilMs.get(deliveryId) ?? 0)) doubles.push(deliveryId);
    leasedUntilMs.set(deliveryId, askedAtMs + LEASE_SECONDS * 1000);
    hits.push(hitOf({ headers, rawBody: body, body: JSON.parse(body) }, { secret, answered: 200 }));
  }

  async function pullOn(): Promise<void> {
    while (!isClosed) {
      const askedAtMs = Date.now();
      // What answers may be another process than before. Undefined: no answer, or none that is one.
      const client = createClient({ baseUrl: field.api().url, credential: key });
      const pulled = await client.ask(pullDeliveries, { params, body: ASK }).catch(() => undefined);
      if (pulled === undefined) {
        await wait(AGAIN_MS);
        continue;
      }
      for (const item of pulled.items) take(item, askedAtMs);
      const items = pulled.items.map(({ deliveryId, lease }) => ({
        deliveryId,
        lease,
        outcome: 'done' as const,
      }));
      if (items.length > 0)
        await client.ask(ackDeliveries, { params, body: { items } }).catch(() => undefined);
    }
  }

  const pulling = Array.from({ length: atOnce }, pullOn);
  const endpoint: Endpoint = {
    url: '',
    hits,
    respondWith: () => undefined,
    trust: () => undefined,
    answerOnly: () => undefined,
    async close() {
      isClosed = true;
      await Promise.all(pulling);
    },
  };
  const subscribed = { id, path: '', secret, endpoint, wants: () => true };
  field.judge(subscribed);
  return { subscribed, hits, doubles };
}
