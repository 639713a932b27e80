import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import { anything, type Cast, deliveries, ids, type Stage } from '../stage.ts';
import { until } from '../until.ts';
import { arrived, type Publisher } from './publishing.ts';
import { type Subscription, subscribe } from './subscription.ts';

/** Longer than a delivery takes, to see that none comes. */
const SILENCE_MS = 1000;

const TIMEOUT_MS = 10_000;
/** How long the access lasts that the dealer gives once more. */
const RENEWED_MS = 4000;

export interface Relation {
  readonly topicId: string;
  readonly publisher: Publisher;
  readonly subscription: Subscription;
}

/**
 * The dealer takes its permission back; an endpoint of its own shows that publishing goes on.
 * @returns the id of a message that was waiting for the bank's server
 */
export async function revoke(stage: Stage, cast: Cast, relation: Relation): Promise<string> {
  const { dealer, bank } = cast;
  const { topicId, publisher, subscription } = relation;
  const { tell, signal } = stage;
  const own = await subscribe(stage, dealer, topicId);
  subscription.endpoint.behave(() => ({ status: 503, headers: { 'retry-after': '600' } }));
  const waiting = await publisher.publish(choiceNumber(89));
  await arrived(subscription.endpoint, waiting, signal);
  tell.note('сервер банка просит подождать десять минут: одно сообщение стоит в очереди к нему');
  tell.does(dealer.name, 'отзывает разрешение банка', 'DELETE /v1/topics/{id}/grants/{partnerId}');
  checkEqual(
    'разрешение отозвано',
    (await dealer.client.send('DELETE', `/v1/topics/${topicId}/grants/${bank.id}`)).status,
    204,
  );
  await cancelled(stage, dealer, waiting);
  tell.holds('то, что стояло в очереди, отменено: cancelled, причина grant-revoked');
  subscription.endpoint.behave(() => ({ status: 204 }));
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
  await bank.client.refused('GET /v1/messages', 403, { query: { topicId } });
  await bank.client.refused(`GET /v1/topics/${topicId}`, 403);
  tell.holds('поиск банка пуст, топик для него снова закрыт (403) – и прежние сообщения больше не читаются');
  await bank.client.refused(`POST /v1/subscriptions/${subscription.id}/redrive`, 409);
  tell.holds('и повторно прислать старое он попросить не может (409)');
  return waiting;
}

const resent = z.object({ resent: z.number() });
const entries = z.object({ items: z.array(z.object({ seq: z.number() })) });

/** The dealer lets the bank in once more, for seconds: what the revocation cancelled comes only when it says so. */
export async function renew(
  stage: Stage,
  { dealer, bank }: Cast,
  { topicId, publisher, subscription, waiting }: Relation & { readonly waiting: string },
): Promise<void> {
  const { tell, signal } = stage;
  const { endpoint } = subscription;
  const grant = `/v1/topics/${topicId}/grants/${bank.id}`;
  const expiresAt = new Date(Date.now() + RENEWED_MS);
  tell.does(
    dealer.name,
    `снова допускает банк, на ${RENEWED_MS / 1000} секунды`,
    'PUT /v1/topics/{id}/grants/{partnerId}',
  );
  const body = { expiresAt: expiresAt.toISOString(), fields: { exclude: ['data.customer.phone'] } };
  await dealer.client.ask(`PUT ${grant}`, anything, { body });
  const next = await publisher.publish(choiceNumber(91));
  await arrived(endpoint, next, signal);
  const attemptsOf = (id: string) => endpoint.arrivals.filter((arrival) => arrival.id === id).length;
  checkEqual('отменённое само не пришло', attemptsOf(waiting), 1);
  tell.holds('новое сообщение у банка, отменённое при отзыве само не пришло');
  tell.does(dealer.name, 'разрешает прислать и отменённое', 'POST …/grants/{partnerId}/resend');
  checkEqual('в работу возвращена одна доставка', await dealer.client.ask(`POST ${grant}/resend`, resent), {
    resent: 1,
  });
  await until('отменённое пришло', () => attemptsOf(waiting) === 2 || undefined, {
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  tell.holds('теперь пришло и оно, с прежним webhook-id');

  await wait(Math.max(0, expiresAt.getTime() - Date.now()), undefined, { signal });
  await bank.client.refused(`GET /v1/topics/${topicId}`, 403);
  const query = { topicId, action: 'grant.expired' };
  for (const { client } of [dealer, bank]) {
    const look = async () =>
      (await client.ask('GET /v1/audit', entries, { query })).items.length || undefined;
    await until('конец срока записан', look, { timeoutMs: TIMEOUT_MS, signal });
  }
  tell.holds('срок вышел: банк снова ничего не видит (403), в журнале обеих сторон – grant.expired');
}

async function cancelled(stage: Stage, dealer: Cast['dealer'], messageId: string): Promise<void> {
  const look = async () => {
    const { items } = await dealer.client.ask(`GET /v1/messages/${messageId}/deliveries`, deliveries);
    return items.find(({ state, reason }) => state === 'cancelled' && reason === 'grant-revoked');
  };
  await until('доставка отменена', look, { timeoutMs: TIMEOUT_MS, signal: stage.signal });
}
