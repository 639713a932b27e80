import type { SubscriptionId } from '@anika/core/ids';
import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPullers, type PulledItem, type Pullers } from '../testing/pullers.ts';
import { LOOK_MS } from './wake-at.ts';

const POLLS = 2;
/** Before the look that would find it if nobody was woken, by a tenth of a second. */
const beforeLook = (dueMs: number) => Math.ceil((dueMs + 1) / LOOK_MS) * LOOK_MS - 100;
let world: Pullers;

beforeAll(async () => {
  world = await openPullers({ ANIKA_MAX_POLLS: String(POLLS), ANIKA_RATE_READ: '10000' });
});
afterAll(() => world.close());

/** Several that wait for nothing yet; the first that gets something. */
async function openPolls(id: string) {
  const over = new AbortController();
  const one = async (): Promise<{ items: PulledItem[]; atMs: number }> => {
    const response = await fetch(`${world.api.url}/v1/subscriptions/${id}/pull`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${world.parties.reader.token}`,
      },
      body: JSON.stringify({ waitSeconds: 20 }),
      signal: over.signal,
    });
    // The look below was under way.
    if (response.status === 429) return one();
    const { items } = (await response.json()) as { items: PulledItem[] };
    return { items, atMs: Date.now() };
  };
  const polls = Array.from({ length: POLLS }, one);
  // No more may be under way: all of them are.
  await eventually(async () => (await world.post(`/v1/subscriptions/${id}/pull`, {})).status === 429);
  return {
    async first() {
      const got = await Promise.any(polls);
      over.abort();
      await Promise.allSettled(polls);
      await eventually(async () => (await world.post(`/v1/subscriptions/${id}/pull`, {})).status === 200);
      return got;
    },
  };
}

/**
 * When it was just looked for what nobody is woken for. What a test awaits from then on comes before the next look, and
 * so by being woken: from any other moment on the look may be the quicker one.
 */
async function justLooked(): Promise<number> {
  const { id } = await leased();
  const polls = await openPolls(id);
  await world.lapse(id);
  return (await polls.first()).atMs;
}

type Scene = {
  readonly id: string;
  readonly topicId: string;
  readonly deliveryId: string;
  readonly lease: string;
};

/** A subscription with one delivery, which its puller has. */
async function leased(leaseSeconds = 30): Promise<Scene> {
  const { parties, pull, subscribed } = world;
  const { topicId, id } = await subscribed();
  await parties.publish(topicId, { n: 1 });
  const [item] = await pull(id, { waitSeconds: 20, leaseSeconds });
  if (item === undefined) throw new Error('nothing came');
  return { id, topicId, deliveryId: item.deliveryId, lease: item.lease };
}

const say = (scene: Scene, outcome: object) => world.ack(scene.id, [scene], outcome);

async function ok(answer: Promise<{ status: number; body: unknown }>): Promise<void> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
}

const { refuse, done, held, cancelled } = {
  refuse: (scene: Scene) => say(scene, { outcome: 'refuse' }),
  done: (scene: Scene) => say(scene, { outcome: 'done' }),
  /** The next one is published while the subscription is paused. */
  async held(scene: Scene) {
    await done(scene);
    await ok(world.post(`/v1/subscriptions/${scene.id}/pause`));
    await world.published(scene.topicId, [{ n: 2 }]);
    await eventually(async () => {
      const state = { subscriptionId: scene.id as SubscriptionId, state: 'held' as const };
      return (await world.mongo.deliveries.countDocuments(state)) === 1;
    });
  },
  /** The next one loses its grant before anybody pulls it. */
  async cancelled(scene: Scene) {
    await done(scene);
    await world.published(scene.topicId, [{ n: 2 }]);
    const { owner, reader } = world.parties;
    await ok(
      world.api.call('DELETE', `/v1/topics/${scene.topicId}/grants/${reader.id}`, { token: owner.token }),
    );
    await eventually(async () => {
      const state = { subscriptionId: scene.id as SubscriptionId, state: 'cancelled' as const };
      return (await world.mongo.deliveries.countDocuments(state)) === 1;
    });
    await ok(
      world.api.call('PUT', `/v1/topics/${scene.topicId}/grants/${reader.id}`, {
        token: owner.token,
        body: {},
      }),
    );
  },
};

const WAYS: Readonly<Record<string, [(scene: Scene) => Promise<unknown>, (scene: Scene) => Promise<void>]>> =
  {
    'a dead one is tried again': [
      refuse,
      (scene) => ok(world.post(`/v1/deliveries/${scene.deliveryId}/retry`)),
    ],
    'the dead ones are redriven': [
      refuse,
      (scene) => ok(world.post(`/v1/subscriptions/${scene.id}/redrive`, {})),
    ],
    'a delivered one is sent again': [
      done,
      (scene) => ok(world.post(`/v1/deliveries/${scene.deliveryId}/resend`)),
    ],
    'a pause is over': [held, (scene) => ok(world.post(`/v1/subscriptions/${scene.id}/resume`))],
    'what a grant’s end had cancelled is sent': [
      cancelled,
      (scene) =>
        ok(
          world.api.call('POST', `/v1/topics/${scene.topicId}/grants/${world.parties.reader.id}/resend`, {
            token: world.parties.owner.token,
            body: {},
          }),
        ),
    ],
  };

describe('who waits to pull is woken when', () => {
  it.each(Object.keys(WAYS))('%s', async (name) => {
    const [before, start] = WAYS[name] ?? [];
    const scene = await leased();
    await before?.(scene);
    const lookedMs = await justLooked();
    const polls = await openPolls(scene.id);
    await start?.(scene);
    const { items, atMs } = await polls.first();
    expect(items).toHaveLength(1);
    expect(atMs - lookedMs).toBeLessThan(beforeLook(0));
  });

  it.each([0, 1, 3])('%d seconds are over after which its reader wants it again', async (delaySeconds) => {
    const scene = await leased();
    const lookedMs = await justLooked();
    const polls = await openPolls(scene.id);
    const startedMs = Date.now();
    await say(scene, { outcome: 'retry', delaySeconds });
    const { items, atMs } = await polls.first();
    expect(items).toMatchObject([{ attempt: 2 }]);
    expect(atMs - startedMs).toBeGreaterThanOrEqual(delaySeconds * 1000);
    expect(atMs - lookedMs).toBeLessThan(beforeLook(delaySeconds * 1000));
  });

  it('a lease has lapsed', async () => {
    const lookedMs = await justLooked();
    const scene = await leased(5);
    const polls = await openPolls(scene.id);
    const { items, atMs } = await polls.first();
    expect(items).toMatchObject([{ deliveryId: scene.deliveryId, attempt: 2 }]);
    expect(atMs - lookedMs).toBeLessThan(beforeLook(5000));
  });
});
