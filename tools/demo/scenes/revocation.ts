import { setTimeout as wait } from 'node:timers/promises';
import { checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import { type Cast, deliveries, ids, type Stage } from '../stage.ts';
import { arrived, type Publisher } from './publishing.ts';
import { type Subscription, subscribe } from './subscription.ts';

/** Longer than a delivery takes, to see that none comes. */
const SILENCE_MS = 1000;

/** The dealer takes its permission back; an endpoint of its own shows that publishing goes on. */
export async function revoke(
  stage: Stage,
  { dealer, bank }: Cast,
  { topicId, publisher, subscription }: { topicId: string; publisher: Publisher; subscription: Subscription },
): Promise<void> {
  const { tell, signal } = stage;
  const own = await subscribe(stage, dealer, topicId);
  tell.does(dealer.name, 'отзывает разрешение банка', 'DELETE /v1/topics/{id}/grants/{partnerId}');
  checkEqual(
    'разрешение отозвано',
    (await dealer.client.send('DELETE', `/v1/topics/${topicId}/grants/${bank.id}`)).status,
    204,
  );
  const before = subscription.endpoint.arrivals.length;
  tell.does('Сервер салона', 'публикует следующее сообщение');
  const id = await publisher.publish(choiceNumber(90));
  await arrived(own.endpoint, id, signal);
  await wait(SILENCE_MS, undefined, { signal });
  checkEqual('банку ничего не пришло', subscription.endpoint.arrivals.length, before);
  const { items } = await dealer.client.ask(`GET /v1/messages/${id}/deliveries`, deliveries);
  checkEqual(
    'доставка есть только дилеру самому',
    items.map(({ subscriptionId }) => subscriptionId),
    [own.id],
  );
  tell.holds('сообщение пришло собственному серверу дилера, а банку – нет');
  checkEqual('поиск банка пуст', (await bank.client.ask('GET /v1/messages', ids)).items, []);
  await bank.client.refused('GET /v1/messages', 404, { query: { topicId } });
  await bank.client.refused(`GET /v1/topics/${topicId}`, 404);
  tell.holds('поиск банка пуст, топика для него снова нет (404) – и прежние сообщения больше не читаются');
  await bank.client.refused(`POST /v1/subscriptions/${subscription.id}/redrive`, 409);
  tell.holds('и повторно прислать старое он попросить не может (409)');
}
