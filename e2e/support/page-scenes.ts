import { stats } from '@anika/contracts/stats';
import { eventually } from '@anika/testkit/eventually';
import { startReceiver } from '@anika/testkit/receiver';
import { until } from '@anika/testkit/until';
import { createScene } from './scene.ts';

// What a page of the documents takes for granted, and shows the answers of.

const DAY_MS = 86_400_000;
/** A message that came so long before a subscription was made is none of its own (`subscription-age`). */
const OLDER_MS = 1500;

/** A message that one endpoint has taken, and that two who pull have not fetched yet. */
export async function messageToRecall(apiUrl: string) {
  const scene = await createScene(apiUrl);
  const { client, owner, reader, topicId } = scene;
  const receiver = await startReceiver();
  await scene.subscribe(receiver);
  for (let n = 0; n < 2; n += 1) {
    const body = { topicId, delivery: { type: 'pull' } };
    await client.call('POST', '/v1/subscriptions', { token: reader.token, body });
  }
  const id = await scene.publish({ car: 'Vesta' });
  await eventually(async () => {
    const { body } = await client.call('GET', `/v1/messages/${id}/deliveries`, { token: owner.token });
    const states = body.items.map(({ state }: { state: string }) => state).sort();
    return states.join() === 'delivered,pending,pending';
  });
  return { variables: { API: apiUrl, TOKEN: owner.token, MESSAGE: id, TOPIC: topicId }, receiver };
}

/** Of three messages today one was delivered at once, one at its second attempt, one never; and it is counted. */
export async function countedTopic(apiUrl: string) {
  const scene = await createScene(apiUrl);
  const { owner, topicId } = scene;
  const seen = new Map<string, number>();
  const receiver = await startReceiver({
    respond: ({ headers, rawBody }) => {
      const id = String(headers['webhook-id']);
      seen.set(id, (seen.get(id) ?? 0) + 1);
      const fails = rawBody.includes('"fails"') || (rawBody.includes('"late"') && seen.get(id) === 1);
      return { status: fails ? 500 : 204 };
    },
  });
  await scene.subscribe(receiver);
  for (const how of ['at once', 'late', 'fails']) await scene.publish(how);
  await eventually(
    async () => {
      const from = new Date(Date.now() - DAY_MS).toISOString();
      const to = new Date().toISOString();
      const query = { scope: 'topic', id: topicId, from, to, step: 'day' } as const;
      const { delivered, dead, failed } = await owner.client.ask(stats, { query });
      return [delivered, dead, failed].map((column) => column.at(-1)).join() === '2,1,3';
    },
    { timeoutMs: 30_000, everyMs: 200 },
  );
  const variables = { API: apiUrl, KEY: owner.token, TOPIC: topicId };
  return { variables, receiver, publish: () => scene.publish('at once') };
}

/** A reader that has just been told of the end of its grant. */
export async function toldReader(apiUrl: string) {
  const { client, owner, reader, topicId } = await createScene(apiUrl);
  const expiresAt = new Date(Date.now() + 7 * DAY_MS + 5000).toISOString();
  await client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, {
    token: owner.token,
    body: { expiresAt },
  });
  const { token } = reader;
  const { body: me } = await client.call('GET', '/v1/auth/me', { token });
  await eventually(
    async () => (await client.call('GET', '/v1/notices?type=anika.grant.ending', { token })).body.items[0],
    { timeoutMs: 30_000, everyMs: 200 },
  );
  return { api: apiUrl, token, user: String(me.userId) };
}

/** A subscription that came after two messages, and has refused a third. */
export async function subscriptionThatMisses(apiUrl: string) {
  const scene = await createScene(apiUrl);
  const { client, reader, topicId } = scene;
  const { token } = reader;
  await scene.publish(1);
  await scene.publish(2);
  await until(Date.now() + OLDER_MS);
  const { body: made } = await client.call('POST', '/v1/subscriptions', {
    token,
    body: { topicId, delivery: { type: 'pull' } },
  });
  await scene.publish(3);
  const path = `/v1/subscriptions/${made.id}`;
  const { body: pulled } = await client.call('POST', `${path}/pull`, { token, body: { waitSeconds: 20 } });
  const [{ deliveryId, lease }] = pulled.items;
  await client.call('POST', `${path}/ack`, {
    token,
    body: { items: [{ deliveryId, lease, outcome: 'refuse' }] },
  });
  return { api: apiUrl, token, subscription: String(made.id) };
}
