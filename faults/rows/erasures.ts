import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { killDispatcher } from './crashes.ts';
import { emptyRedis } from './schedules.ts';

const BATCH = 100;

/** Messages of one person on a topic of their own, beside the load that is judged. */
async function publishPerson(field: Field, count: number): Promise<void> {
  const { client, owner } = field.scene;
  const topic = await client.call('POST', '/v1/topics', { token: owner.token, body: { name: 'Persons' } });
  for (let at = 0; at < count; at += BATCH) {
    const messages = Array.from({ length: BATCH }, () => ({
      type: 'a',
      key: 'person',
      data: { of: 'a person' },
    }));
    const path = `/v1/topics/${topic.body.id}/messages/batch`;
    const { status } = await client.call('POST', path, { token: owner.token, body: { messages } });
    if (status !== 202) throw new Error(`the batch was answered ${status}`);
  }
}

export const ERASURES: readonly Fault[] = [
  {
    name: 'erasure-through-crashes',
    area: 'crashes',
    dispatchers: 2,
    about: 'an erasure goes on through FLUSHALL and dispatchers that are killed in its midst, beside a load',
    repeats: 'allowed',
    settleSeconds: 120,
    async run(field) {
      const count = 10_000;
      const { client, owner } = field.scene;
      await field.subscribe();
      await publishPerson(field, count);
      const load = field.publisher.start(20);
      const body = { key: 'person', reason: 'asked for' };
      const { body: erasure } = await client.call('POST', '/v1/erasures', { token: owner.token, body });
      const look = async () =>
        (await client.call('GET', `/v1/erasures/${erasure.id}`, { token: owner.token })).body;
      const killedAt: number[] = [];
      for (let kills = 0; kills < 3; kills += 1) {
        const before = killedAt.at(-1) ?? 0;
        let { erased, state } = await look();
        while (erased <= before && state === 'running') {
          await field.wait(20);
          ({ erased, state } = await look());
        }
        killedAt.push(erased);
        await emptyRedis(field);
        await Promise.all([killDispatcher(field), killDispatcher(field)]);
      }
      await load.stop();
      const endMs = Date.now() + 120_000;
      while ((await look()).state === 'running' && Date.now() < endMs) await field.wait(250);
      const { state, erased, proof } = await look();
      field.note(`killed at ${killedAt.join(', ')} of ${count}`);
      field.require(state === 'done', `the erasure is ${state}`);
      field.require(erased === count && proof?.count === count, `${erased} of ${count} were erased`);
      const left = await field.stores.countMessages({ key: 'person' });
      field.require(left === 0, `${left} messages still have their contents`);
    },
  },
];
