import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../testing/listen.ts';
import { numbersOf, openPullers, type PulledItem, type Pullers } from '../testing/pullers.ts';

let world: Pullers;
/** A stream counts as much. */
const MAX_UNREAD = 1_048_576;
const LARGE = 'x'.repeat(100_000);

beforeAll(async () => {
  world = await openPullers({ ANIKA_MAX_UNREAD_BYTES: String(MAX_UNREAD), ANIKA_RETRY_SCHEDULE: '0s' });
});
afterAll(() => world.close());

/** What a pull gets once what was read counts no more. */
async function pullWhenFree(id: string, max: number): Promise<PulledItem[]> {
  const answer = await eventually(async () => {
    const tried = await world.post(`/v1/subscriptions/${id}/pull`, { max });
    return tried.status === 200 ? tried : undefined;
  });
  return answer.body.items;
}

const n = (count: number, more: object) =>
  Array.from({ length: count }, (_, index) => ({ n: index, ...more }));

describe('what there is no room for among a company’s unread answers', () => {
  it('is not leased: the refusal has used up no attempt, and it is given once there is room', async () => {
    const { api, parties, post, published, subscribed, read } = world;
    const { topicId, id } = await subscribed();
    await published(topicId, n(3, { large: LARGE }));
    const unread = await listen(api.url, '', { token: parties.reader.token });
    const refused = await post(`/v1/subscriptions/${id}/pull`, { max: 3 });
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    await unread.close();
    const items = await pullWhenFree(id, 3);
    expect(numbersOf(items)).toEqual([0, 1, 2]);
    for (const { attempt, deliveryId } of items) {
      expect(attempt).toBe(1);
      expect(await read(deliveryId)).toMatchObject({ attempts: [] });
    }
  });

  it('is left for the next pull where some of it fits', async () => {
    const { api, parties, pull, published, subscribed } = world;
    const { topicId, id } = await subscribed();
    await published(topicId, n(6, { some: 'x'.repeat(4000) }));
    const unread = await listen(api.url, '', { token: parties.reader.token });
    const first = await pull(id, { max: 6 });
    expect(numbersOf(first)).toEqual([0, 1, 2]);
    await unread.close();
    expect(numbersOf(await pullWhenFree(id, 6))).toEqual([3, 4, 5]);
  });
});

it('an answer has about a megabyte of bytes, not of characters', async () => {
  const { pull, published, subscribed } = world;
  const { topicId, id } = await subscribed();
  await published(topicId, n(6, { large: 'ж'.repeat(120_000) }));
  expect(numbersOf(await pull(id, { max: 6 }))).toEqual([0, 1, 2, 3]);
  // Quotes are escaped once more in the answer than in the body.
  const quoted = await subscribed();
  await published(quoted.topicId, n(6, { large: '"'.repeat(60_000) }));
  expect(numbersOf(await pull(quoted.id, { max: 6 }))).toEqual([0, 1, 2, 3]);
});

it('how many an answer has does not tell how much of each is hidden', async () => {
  const { pull, published, subscribed } = world;
  const { topicId, id } = await subscribed({ fields: { include: ['data.n'] } });
  await published(topicId, n(8, { hidden: 'x'.repeat(200_000) }));
  expect(numbersOf(await pull(id, { max: 7 }))).toEqual([0, 1, 2, 3, 4, 5, 6]);
});
