import { setTimeout as wait } from 'node:timers/promises';
import { type Endpoint, type Hit, hitOf } from './endpoint.ts';
import type { Field, Subscribed } from './field.ts';

/** A reader that pulls: what an endpoint is to the suite, which asks instead of being asked. */
export type Puller = {
  readonly subscribed: Subscribed;
  readonly hits: readonly Hit[];
  /** Deliveries that somebody was given while somebody else had a live lease. */
  readonly doubles: readonly string[];
};

type Item = {
  readonly deliveryId: string;
  readonly lease: string;
  readonly headers: Record<string, string>;
  readonly body: string;
};

const LEASE_SECONDS = 5;
const ASK = { max: 20, waitSeconds: 1, leaseSeconds: LEASE_SECONDS };
const AGAIN_MS = 50;

/** Pulls with so many at once until the field is closed, and says `done` of all it gets. */
export async function openPuller(field: Field, atOnce: number): Promise<Puller> {
  const { client, reader, topicId } = field.scene;
  const call = (path: string, body: object) => client.call('POST', path, { token: reader.token, body });
  const key: string = (await call('/v1/api-keys', { name: 'puller', scopes: ['receive'] })).body.key;
  const { id, secret } = (await call('/v1/subscriptions', { topicId, delivery: { type: 'pull' } })).body;
  const hits: Hit[] = [];
  const doubles: string[] = [];
  /** Until when at least a delivery is its puller's. */
  const leasedUntilMs = new Map<string, number>();
  let isClosed = false;

  /** Undefined: no answer, or none that is one. */
  async function ask(what: string, body: object): Promise<{ items: Item[] } | undefined> {
    try {
      const response = await fetch(`${field.api().url}/v1/subscriptions/${id}/${what}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      });
      return response.ok ? ((await response.json()) as { items: Item[] }) : undefined;
    } catch {
      return undefined;
    }
  }

  function take({ deliveryId, headers, body }: Item, askedAtMs: number): void {
    if (Date.now() < (leasedUntilMs.get(deliveryId) ?? 0)) doubles.push(deliveryId);
    leasedUntilMs.set(deliveryId, askedAtMs + LEASE_SECONDS * 1000);
    hits.push(hitOf({ headers, rawBody: body, body: JSON.parse(body) }, { secret, answered: 200 }));
  }

  async function pullOn(): Promise<void> {
    while (!isClosed) {
      const askedAtMs = Date.now();
      const pulled = await ask('pull', ASK);
      if (pulled === undefined) {
        await wait(AGAIN_MS);
        continue;
      }
      for (const item of pulled.items) take(item, askedAtMs);
      const items = pulled.items.map(({ deliveryId, lease }) => ({ deliveryId, lease, outcome: 'done' }));
      if (items.length > 0) await ask('ack', { items });
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
