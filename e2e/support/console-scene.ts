import { eventually } from '@anika/testkit/eventually';
import type { Receiver } from '@anika/testkit/receiver';
import { createScene } from './scene.ts';

/** What no reader may see. */
export const PHONE = '+7 900 111-22-33';

type Scene = Awaited<ReturnType<typeof createScene>>;
type Id =
  | 'topic'
  | 'subscription'
  | 'pull'
  | 'replay'
  | 'message'
  | 'recalled'
  | 'scheduled'
  | 'erasure'
  | 'delivery'
  | 'reader';
type Ids = Readonly<Record<Id, string>>;
export type ConsoleScene = { readonly scene: Scene; readonly ids: Ids };
export type Pages = ReturnType<typeof pagesOf>;

/** Two companies with something of everything there are pages for. */
export async function createConsoleScene(url: string, receiver: Receiver): Promise<ConsoleScene> {
  const scene = await createScene(url);
  const { client, owner, reader, topicId } = scene;
  const terms = { purpose: 'Предложить кредит', fields: { exclude: ['data.customer.phone'] } };
  await client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token, body: terms });
  const subscription = await scene.subscribe(receiver, { description: 'Кредитный конвейер' });
  const body = {
    type: 'car.selected',
    key: 'client-17',
    data: { model: 'Лада <b>Веста</b>', sum: 1, customer: { name: 'Мария', phone: PHONE } },
  };
  const rawBody = JSON.stringify(body).replace('"sum":1', '"sum":12345678901234567890');
  const message = await client.call('POST', `/v1/topics/${topicId}/messages`, {
    token: owner.token,
    rawBody,
  });
  const delivery: string = await eventually(async () => {
    const { body: list } = await client.call('GET', '/v1/deliveries?state=delivered', {
      token: reader.token,
    });
    return list.items[0]?.id;
  });
  return {
    scene,
    ids: {
      topic: topicId,
      reader: reader.id,
      subscription: subscription.id,
      message: message.body.id,
      delivery,
      ...(await pullAndReplay(scene, subscription.id)),
      ...(await takeBackAndSchedule(scene)),
    },
  };
}

/** A message that was taken back, one that waits for its time, and an erasure. */
async function takeBackAndSchedule({ client, owner, topicId, publish }: Scene) {
  const as = { token: owner.token };
  const recalled = await publish({ model: 'Нива' });
  await client.call('DELETE', `/v1/messages/${recalled}`, { ...as, body: { reason: 'По ошибке' } });
  const later = { type: 'car.reminder', data: 1, deliverAt: new Date(Date.now() + 86_400_000).toISOString() };
  const scheduled = await client.call('POST', `/v1/topics/${topicId}/messages`, { ...as, body: later });
  const person = { key: 'client-0', reason: 'Просьба клиента' };
  const erasure = await client.call('POST', '/v1/erasures', { ...as, body: person });
  return { recalled, scheduled: scheduled.body.id, erasure: erasure.body.id };
}

/** A subscription that has been pulled from, and a replay that waits. */
async function pullAndReplay({ client, reader, topicId }: Scene, subscriptionId: string) {
  const as = { token: reader.token };
  const wanted = { topicId, delivery: { type: 'pull' }, description: 'Ночной отчёт', startFrom: yesterday() };
  const pull: string = (await client.call('POST', '/v1/subscriptions', { ...as, body: wanted })).body.id;
  await eventually(async () => {
    const { body } = await client.call('POST', `/v1/subscriptions/${pull}/pull`, { ...as, body: {} });
    return body.items[0];
  });
  const again = { from: yesterday(), only: 'all', perSecond: 1 };
  const path = `/v1/subscriptions/${subscriptionId}/replays`;
  const replay: string = (await client.call('POST', path, { ...as, body: again })).body.id;
  await client.call('POST', `/v1/replays/${replay}/pause`, as);
  return { pull, replay };
}

function yesterday(): string {
  return new Date(Date.now() - 86_400_000).toISOString();
}

/** Every page that somebody of a role has. */
export function pagesOf(ids: Ids) {
  const company = [
    '/',
    '/notices',
    '/notices?type=anika.grant.given',
    '/topics',
    '/topics/new',
    `/topics/${ids.topic}`,
    `/topics/${ids.topic}?tab=deliveries`,
    `/topics/${ids.topic}?tab=publish`,
    `/topics/${ids.topic}?tab=readers`,
    `/topics/${ids.topic}?tab=settings`,
    '/access',
    `/access/${ids.topic}/${ids.reader}`,
    '/catalogue',
    '/subscriptions',
    '/messages',
    '/messages?state=scheduled',
    `/messages/${ids.scheduled}`,
    `/messages/${ids.recalled}`,
    '/erasures',
    `/erasures/${ids.erasure}`,
    `/messages/${ids.message}`,
    `/messages/${ids.message}?tab=explain`,
    `/messages/${ids.message}?tab=tree`,
    `/messages/${ids.message}?tab=seen`,
    `/deliveries/${ids.delivery}`,
    '/live',
    `/messages/${ids.message}?tab=text`,
    '/audit',
    '/developers',
    '/settings',
    '/settings?tab=notices',
    '/settings?tab=people',
    '/settings?tab=keys',
    '/settings?tab=limits',
    `/receipts?topic=${ids.topic}`,
    '/nothing-here',
  ];
  const reader = [
    '/',
    '/access?tab=received',
    '/access?tab=out',
    `/access/${ids.topic}/${ids.reader}`,
    '/notices',
    '/subscriptions/new',
    '/subscriptions/new?topic=notices',
    `/subscriptions/${ids.pull}`,
    `/subscriptions/${ids.pull}?tab=settings`,
    `/replays/${ids.replay}`,
    `/subscriptions/${ids.subscription}`,
    `/subscriptions/${ids.subscription}?tab=replays`,
    `/subscriptions/${ids.subscription}?tab=test`,
    `/subscriptions/${ids.subscription}?tab=secret`,
    `/subscriptions/${ids.subscription}?tab=verify`,
    `/subscriptions/${ids.subscription}?tab=settings`,
    `/messages/${ids.recalled}`,
    '/deliveries',
    `/deliveries/${ids.delivery}`,
    '/dead-letters',
    `/receipts?topic=${ids.topic}`,
  ];
  const viewer = [
    // Of which the API would answer nothing: said, and not asked.
    '/audit',
    '/',
    '/notices',
    '/settings?tab=notices',
    `/topics/${ids.topic}`,
    `/subscriptions/${ids.subscription}`,
    '/settings',
  ];
  const operator = [
    '/',
    '/partners',
    '/audit',
    '/settings',
    `/deliveries/${ids.delivery}`,
    `/messages/${ids.message}`,
  ];
  return { company, reader, viewer, operator };
}
