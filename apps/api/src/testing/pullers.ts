import type { SubscriptionId } from '@anika/core/ids';
import { connectMongo } from '@anika/stores/mongo/client';
import { eventually } from '@anika/testkit/eventually';
import { openParties } from './parties.ts';
import { startTestApi } from './test-api.ts';
import type { Answer } from './test-client.ts';

export type PulledItem = {
  readonly deliveryId: string;
  readonly lease: string;
  readonly attempt: number;
  readonly headers: Record<string, string>;
  readonly body: string;
};
export type AckItem = { readonly deliveryId: string; readonly lease: string };

/** An API, an owner, and a reader that pulls. */
export async function openPullers(settings: Readonly<Record<string, string>> = {}) {
  const api = await startTestApi(settings);
  const parties = await openParties(api);
  const mongo = connectMongo({ url: api.databases.mongodbUrl });
  const { reader } = parties;
  const post = (path: string, body?: unknown, token = reader.token): Promise<Answer> =>
    api.call('POST', path, { token, body });

  /** A topic the reader may read, and its subscription that pulls. */
  async function subscribed(terms: object = {}, more: object = {}) {
    const topicId = await parties.grantedTopic(terms);
    const body = { topicId, delivery: { type: 'pull' }, ...more };
    const made = await post('/v1/subscriptions', body);
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return { topicId, id: made.body.id as string, secret: made.body.secret as string };
  }

  /** Published one after the other; resolves when there is a delivery of each. */
  async function published(topicId: string, data: readonly unknown[], more: object = {}): Promise<string[]> {
    const ids: string[] = [];
    for (const one of data) ids.push(await parties.publish(topicId, one, more));
    await eventually(async () => {
      const { body } = await api.call('GET', `/v1/deliveries?topicId=${topicId}&limit=200`, {
        token: reader.token,
      });
      const found = new Set(body.items.map(({ messageId }: { messageId: string }) => messageId));
      return ids.every((id) => found.has(id));
    });
    return ids;
  }

  async function pull(id: string, body?: object, token?: string): Promise<PulledItem[]> {
    const answer = await post(`/v1/subscriptions/${id}/pull`, body, token);
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.items;
  }

  /** The statuses, in the order of the items. */
  async function ack(id: string, items: readonly AckItem[], outcome: object = { outcome: 'done' }) {
    const path = `/v1/subscriptions/${id}/ack`;
    const all = items.map(({ deliveryId, lease }) => ({ deliveryId, lease, ...outcome }));
    const answer = await post(path, { items: all });
    if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.items.map(({ status }: { status: number }) => status) as number[];
  }

  return {
    api,
    parties,
    mongo,
    post,
    subscribed,
    published,
    pull,
    ack,
    read: async (deliveryId: string) =>
      (await api.call('GET', `/v1/deliveries/${deliveryId}`, { token: reader.token })).body,
    /** As if the time of all its leases had passed. */
    async lapse(id: string): Promise<void> {
      const past = new Date(Date.now() - 10_000);
      await mongo.deliveries.updateMany(
        { subscriptionId: id as SubscriptionId, lease: { $exists: true } },
        { $set: { 'lease.until': past } },
      );
      await mongo.deliveries.updateMany(
        { subscriptionId: id as SubscriptionId, lease: { $exists: true }, state: 'retrying' },
        { $set: { nextAttemptAt: past } },
      );
    },
    async close(): Promise<void> {
      await mongo.close();
      await api.close();
    },
  };
}

export type Pullers = Awaited<ReturnType<typeof openPullers>>;

export const numbersOf = (items: readonly PulledItem[]): unknown[] =>
  items.map(({ body }) => JSON.parse(body).data.n);
