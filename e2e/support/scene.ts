import type { BodyOf } from '@anika/client/client';
import { putGrant } from '@anika/contracts/grants';
import { publishMessage } from '@anika/contracts/publish';
import { receipts } from '@anika/contracts/receipts';
import { createSubscription } from '@anika/contracts/subscriptions';
import { createTopic } from '@anika/contracts/topics';
import { eventually } from '@anika/testkit/eventually';
import type { Receiver } from '@anika/testkit/receiver';
import { createClient } from '../../apps/api/src/testing/test-client.ts';

const DAY_MS = 86_400_000;

/** From yesterday to tomorrow. */
function rangeOfToday(nowMs: number) {
  return { from: new Date(nowMs - DAY_MS).toISOString(), to: new Date(nowMs + DAY_MS).toISOString() };
}

/** The same as a query. */
export function today(nowMs = Date.now()): string {
  const { from, to } = rangeOfToday(nowMs);
  return `from=${from}&to=${to}`;
}

/** What a subscription of a scene may have of its own. */
export type Wish = Partial<BodyOf<typeof createSubscription>>;

/** A topic with its owner and one reader who is let in: what most end-to-end tests begin with. */
export async function createScene(apiUrl: string) {
  const client = createClient(apiUrl);
  const owner = await client.createPartner('АвтоЭкспресс');
  const reader = await client.createPartner('ЭкспоБанк');
  const { id: topicId } = await owner.client.ask(createTopic, { body: { name: 'Выбор машины' } });
  await owner.client.ask(putGrant, { params: { id: topicId, partnerId: reader.id }, body: {} });

  return {
    client,
    owner,
    reader,
    topicId,

    async subscribe(
      receiver: Pick<Receiver, 'url'>,
      more: Wish = {},
    ): Promise<{ id: string; secret: string }> {
      const body = { topicId, url: receiver.url, ...more };
      const made = await reader.client.ask(createSubscription, { body });
      if (made.state !== 'active') throw new Error(`not active: ${JSON.stringify(made)}`);
      return made;
    },

    /** The id of the accepted message. */
    async publish(data: unknown): Promise<string> {
      const body = { type: 'car.chosen', data };
      return (await owner.client.ask(publishMessage, { params: { id: topicId }, body })).id;
    },

    /** Waits until every accepted message has ended as one delivered delivery. */
    async allDelivered(count: number, timeoutMs = 40_000): Promise<void> {
      const query = { topicId, ...rangeOfToday(Date.now()) };
      await eventually(
        async () => {
          const { deliveries } = await owner.client.ask(receipts, { query });
          if (deliveries.delivered !== count) throw new Error(JSON.stringify(deliveries));
          return true;
        },
        { timeoutMs, everyMs: 200 },
      );
    },
  };
}
