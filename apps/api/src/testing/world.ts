import { randomBytes } from 'node:crypto';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { startTestApi, type TestApi } from './test-api.ts';
import type { TestPartner } from './test-client.ts';

/** An owner, a reader who is let in, and one of everything that routes are about. */
export type World = {
  readonly api: TestApi;
  readonly owner: TestPartner;
  readonly reader: TestPartner;
  readonly stranger: TestPartner;
  readonly receiver: Receiver;
  readonly topicId: string;
  readonly subscriptionId: string;
  readonly messageId: string;
  /** To the owner's own endpoint; nobody dispatches in these tests, so it stays pending. */
  readonly deliveryId: string;
};

export async function createWorld(): Promise<World> {
  const [api, receiver] = await Promise.all([startTestApi(), startReceiver()]);
  const [owner, reader, stranger] = [
    await api.createPartner('Владелец'),
    await api.createPartner('Читатель'),
    await api.createPartner('Чужой'),
  ];
  const topicId = await newTopic(api, owner.token, 'listed');
  const base = `/v1/topics/${topicId}`;
  await api.call('PUT', `${base}/grants/${reader.id}`, { token: owner.token, body: {} });
  const subscription = await newSubscription({ api, receiver }, topicId, reader.token);
  const message = await api.call('POST', `${base}/messages`, {
    token: owner.token,
    body: { type: 'car.chosen', data: { car: 'Лада' } },
  });
  const messageId: string = message.body.id;
  const delivery = await eventually(async () => {
    const { body } = await api.call('GET', `/v1/messages/${messageId}/deliveries`, { token: owner.token });
    return body.items[0];
  });
  return {
    api,
    owner,
    reader,
    stranger,
    receiver,
    topicId,
    subscriptionId: subscription,
    messageId,
    deliveryId: delivery.id,
  };
}

export async function closeWorld({ api, receiver }: World): Promise<void> {
  await Promise.all([api.close(), receiver.close()]);
}

/** Of that partner, with a name of its own. */
export async function newTopic(api: TestApi, token: string, visibility = 'private'): Promise<string> {
  const name = `Топик ${randomBytes(4).toString('hex')}`;
  return (await api.call('POST', '/v1/topics', { token, body: { name, visibility } })).body.id;
}

/** To the world's receiver, which answers its challenge. */
export async function newSubscription(
  { api, receiver }: Pick<World, 'api' | 'receiver'>,
  topicId: string,
  token: string,
): Promise<string> {
  const body = { topicId, url: receiver.url };
  return (await api.call('POST', '/v1/subscriptions', { token, body })).body.id;
}
