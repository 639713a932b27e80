import { eventually } from '@anika/testkit/eventually';
import type { Fault } from '../fault.ts';
import type { Field, Subscribed } from '../field.ts';

const REPEATED = 50;

async function redrive({ scene }: Field, { id }: Subscribed): Promise<number> {
  const { status } = await scene.client.call('POST', `/v1/subscriptions/${id}/redrive`, {
    token: scene.reader.token,
    body: {},
  });
  return status;
}

/** Publishes so many that their endpoint refuses until they are dead, and heals it. */
async function makeDead(field: Field, count: number): Promise<Subscribed> {
  const subscribed = await field.subscribe();
  subscribed.endpoint.respondWith(() => ({ status: 500 }));
  await field.publisher.publish(count);
  await field.settle(60);
  subscribed.endpoint.respondWith(() => ({ status: 204 }));
  field.note(`${await field.stores.countDeliveries({ state: 'dead' })} dead before`);
  return subscribed;
}

export const RACES: readonly Fault[] = [
  {
    name: 'one-idempotency-key-fifty-times',
    area: 'races',
    isShort: true,
    about: 'the same message with the same Idempotency-Key is published fifty times at once, ten times over',
    repeats: 'never',
    async run(field) {
      await field.subscribe();
      for (let round = 0; round < 10; round += 1) {
        const n = field.publisher.takeNumber();
        await Promise.all(Array.from({ length: REPEATED }, () => field.publisher.once(n)));
      }
      const accepted = field.publisher.answers.get(202) ?? 0;
      field.note(`${accepted} answers 202 for ${field.publisher.acknowledged.size} messages`);
      field.require(accepted === 10 * REPEATED, `only ${accepted} of ${10 * REPEATED} were answered 202`);
      const stored = (await field.stores.storedMessages()).size;
      field.require(stored === 10, `${stored} messages are stored instead of 10`);
    },
  },
  {
    name: 'redrives-at-once',
    area: 'races',
    isShort: true,
    about: 'the dead deliveries of a subscription are redriven five times at once',
    repeats: 'never',
    settings: { ANIKA_RETRY_SCHEDULE: '0s,200ms' },
    async run(field) {
      const subscribed = await makeDead(field, 100);
      const statuses = await Promise.all(Array.from({ length: 5 }, () => redrive(field, subscribed)));
      field.note(`answered ${statuses.join(' ')}`);
    },
  },
  {
    name: 'secret-rotated-under-load',
    area: 'races',
    about:
      'the webhook secret is rotated five times; the endpoint goes over to the new one half a second later',
    repeats: 'never',
    async run(field) {
      const { id, path, endpoint } = await field.subscribe();
      const load = field.publisher.start(80);
      for (let rotations = 0; rotations < 5; rotations += 1) {
        await field.wait(800);
        const { body } = await field.scene.client.call('POST', `/v1/subscriptions/${id}/rotate-secret`, {
          token: field.scene.reader.token,
          body: { graceSeconds: 60 },
        });
        await field.wait(500);
        endpoint.trust(path, body.secret);
      }
      await load.stop();
    },
  },
  {
    name: 'grant-revoked-under-load',
    area: 'races',
    about: 'the grant is revoked while messages are on their way and queued: nothing goes out a second later',
    repeats: 'never',
    ends: ['delivered', 'cancelled'],
    async run(field) {
      const { endpoint } = await field.subscribe({ maxConcurrency: 2 });
      endpoint.respondWith(() => new Promise((resolve) => setTimeout(() => resolve({ status: 204 }), 20)));
      await field.publisher.publish(300, { inFlight: 32 });
      await eventually(() => endpoint.hits.length > 20);
      const { client, owner, reader, topicId } = field.scene;
      await client.call('DELETE', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token });
      const revokedAt = Date.now();
      await field.settle(30);
      const last = Math.max(...endpoint.hits.map((hit) => hit.atMs)) - revokedAt;
      const cancelled = await field.stores.countDeliveries({ state: 'cancelled' });
      field.note(
        `${cancelled} cancelled; the last request came ${last} ms after the answer to the revocation`,
      );
      field.require(last < 1000, `a request came ${last} ms after the revocation`);
      field.require(cancelled > 0, 'nothing was left to be cancelled: the row shows nothing');
    },
  },
];
