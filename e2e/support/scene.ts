import { eventually } from '@anika/testkit/eventually';
import type { Receiver } from '@anika/testkit/receiver';
import { createClient } from '../../apps/api/src/testing/test-api.ts';

const DAY_MS = 86_400_000;

/** From yesterday to tomorrow, as a query. */
export function today(nowMs = Date.now()): string {
  const from = new Date(nowMs - DAY_MS).toISOString();
  return `from=${from}&to=${new Date(nowMs + DAY_MS).toISOString()}`;
}

/** A topic with its owner and one reader who is let in: what most end-to-end tests begin with. */
export async function createScene(apiUrl: string) {
  const client = createClient(apiUrl);
  const owner = await client.createPartner('АвтоЭкспресс');
  const reader = await client.createPartner('ЭкспоБанк');
  const topic = await client.call('POST', '/v1/topics', {
    token: owner.token,
    body: { name: 'Выбор машины' },
  });
  const topicId: string = topic.body.id;
  await client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token, body: {} });

  return {
    client,
    owner,
    reader,
    topicId,

    async subscribe(
      receiver: Pick<Receiver, 'url'>,
      more: object = {},
    ): Promise<{ id: string; secret: string }> {
      const { body } = await client.call('POST', '/v1/subscriptions', {
        token: reader.token,
        body: { topicId, url: receiver.url, ...more },
      });
      if (body.state !== 'active') throw new Error(`not active: ${JSON.stringify(body)}`);
      return body;
    },

    /** The id of the accepted message. */
    async publish(data: unknown): Promise<string> {
      const { status, body } = await client.call('POST', `/v1/topics/${topicId}/messages`, {
        token: owner.token,
        body: { type: 'car.chosen', data },
      });
      if (status !== 202) throw new Error(`not accepted: ${status} ${JSON.stringify(body)}`);
      return body.id;
    },

    /** Waits until every accepted message has ended as one delivered delivery. */
    async allDelivered(count: number, timeoutMs = 40_000): Promise<void> {
      await eventually(
        async () => {
          const { body } = await client.call('GET', `/v1/receipts?topicId=${topicId}&${today()}`, {
            token: owner.token,
          });
          if (body.deliveries.delivered !== count) throw new Error(JSON.stringify(body));
          return true;
        },
        { timeoutMs, everyMs: 200 },
      );
    },
  };
}
