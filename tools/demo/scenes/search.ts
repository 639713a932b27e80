import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import { MARIA, withoutPhone } from '../choices.ts';
import type { Client } from '../client.ts';
import { type Cast, ids, messages, rangeAround, type Stage } from '../stage.ts';
import type { Subscription } from './subscription.ts';

const found = (client: Client, query: Record<string, string | number>) =>
  client.ask('GET /v1/messages', messages, { query });

export async function search({ tell }: Stage, { dealer, bank }: Cast, topicId: string): Promise<void> {
  const q = 'весТа казан';
  tell.does(bank.name, `ищет словами: «${q}»`, 'GET /v1/messages?q=…');
  const byWords = await found(bank.client, { topicId, q });
  checkEqual(
    'нашлось одно сообщение',
    byWords.items.map(({ data }) => data),
    [withoutPhone(MARIA)],
  );
  tell.holds(`нашлось: ${MARIA.customer.name}, ${MARIA.car.model} – без телефона`);

  const where = JSON.stringify({ 'data.car.price': { gte: 2_000_000 }, 'data.credit.wanted': true });
  tell.does(bank.name, 'ищет по условиям', `GET /v1/messages?where=${where}`);
  const byFilter = await found(bank.client, { topicId, where, limit: 200 });
  const matching = z.object({
    car: z.object({ price: z.number().min(2_000_000) }),
    credit: z.object({ wanted: z.literal(true) }),
  });
  const all =
    byFilter.items.length > 0 && byFilter.items.every(({ data }) => matching.safeParse(data).success);
  check('все найденные подходят', all, { expected: 'дороже 2 млн и с кредитом', came: byFilter.items });
  tell.holds(`нашлось ${byFilter.items.length}, все дороже 2 млн ₽ и с интересом к кредиту`);

  const phone = { topicId, where: JSON.stringify({ 'data.customer.phone': MARIA.customer.phone }) };
  checkEqual('дилер находит по телефону', (await found(dealer.client, phone)).items.length, 1);
  checkEqual('банк по телефону не находит', (await found(bank.client, phone)).items.length, 0);
  checkEqual('и словами не находит', (await found(bank.client, { topicId, q: '111-22-33' })).items.length, 0);
  tell.holds('по скрытому полю банк не может даже искать: дилер по телефону находит клиента, банк – нет');
}

/** The third company gets at nothing by any way. */
export async function showNothingToStranger(
  { tell }: Stage,
  { stranger }: Cast,
  { topicId, messageId, bank }: { topicId: string; messageId: string; bank: Subscription },
): Promise<void> {
  const { client, name } = stranger;
  tell.does(name, 'пробует добраться до чужого, зная все идентификаторы');
  const hidden = [
    `GET /v1/messages/${messageId}`,
    `GET /v1/messages/${messageId}/deliveries`,
    `GET /v1/subscriptions/${bank.id}`,
    `GET /v1/subscriptions/${bank.id}/secret`,
    `POST /v1/subscriptions/${bank.id}/redrive`,
  ];
  for (const request of hidden) await client.refused(request, 404);
  tell.holds(`${hidden.length} разных запросов: на каждый ответ 404 – «такого нет»`);
  const listed = [
    `GET /v1/topics/${topicId}`,
    `GET /v1/topics/${topicId}/grants`,
    `DELETE /v1/topics/${topicId}`,
  ];
  for (const request of listed) await client.refused(request, 403);
  await client.refused(`POST /v1/topics/${topicId}/messages`, 403, {
    body: { type: 'car.chosen', data: {} },
  });
  await client.refused('GET /v1/receipts', 403, { query: { topicId, ...rangeAround(Date.now()) } });
  tell.holds('топик виден в каталоге, но и с ним ничего не сделать: 403 и чего не хватает');
  const lists = await Promise.all(
    ['/v1/messages', '/v1/deliveries', '/v1/topics'].map((path) => client.ask(`GET ${path}`, ids)),
  );
  checkEqual(
    'списки пусты',
    lists.map(({ items }) => items.length),
    [0, 0, 0],
  );
  tell.holds('и её списки сообщений, доставок и топиков пусты');
}
