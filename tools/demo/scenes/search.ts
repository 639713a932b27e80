import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import { MARIA, MARIA_IN_WORDS, withoutPhone } from '../choices.ts';
import type { Client } from '../client.ts';
import { type Cast, ids, messages, rangeAround, type Stage } from '../stage.ts';
import { TEXTS } from './search.texts.ts';
import type { Subscription } from './subscription.ts';

const found = (client: Client, query: Record<string, string | number>) =>
  client.ask('GET /v1/messages', messages, { query });

export async function search({ tell }: Stage, { dealer, bank }: Cast, topicId: string): Promise<void> {
  const q = 'весТа казан';
  tell.does(bank.title, TEXTS.byWords(q), 'GET /v1/messages?q=…');
  const byWords = await found(bank.client, { topicId, q });
  checkEqual(
    TEXTS.foundOne,
    byWords.items.map(({ data }) => data),
    [withoutPhone(MARIA)],
  );
  tell.holds(TEXTS.foundMaria(MARIA_IN_WORDS));

  const where = JSON.stringify({ 'data.car.price': { gte: 2_000_000 }, 'data.credit.wanted': true });
  tell.does(bank.title, TEXTS.byConditions, `GET /v1/messages?where=${where}`);
  const byFilter = await found(bank.client, { topicId, where, limit: 200 });
  const matching = z.object({
    car: z.object({ price: z.number().min(2_000_000) }),
    credit: z.object({ wanted: z.literal(true) }),
  });
  const all =
    byFilter.items.length > 0 && byFilter.items.every(({ data }) => matching.safeParse(data).success);
  check(TEXTS.allFit, all, { expected: TEXTS.costlyWithCredit, came: byFilter.items });
  tell.holds(TEXTS.foundCostly(byFilter.items.length));

  const phone = { topicId, where: JSON.stringify({ 'data.customer.phone': MARIA.customer.phone }) };
  checkEqual(TEXTS.dealerByPhone, (await found(dealer.client, phone)).items.length, 1);
  checkEqual(TEXTS.bankByPhone, (await found(bank.client, phone)).items.length, 0);
  checkEqual(TEXTS.bankByPhone, (await found(bank.client, { topicId, q: '111-22-33' })).items.length, 0);
  tell.holds(TEXTS.hiddenFromSearch);
}

/** The third company gets at nothing by any way. */
export async function showNothingToStranger(
  { tell }: Stage,
  { stranger }: Cast,
  { topicId, messageId, bank }: { topicId: string; messageId: string; bank: Subscription },
): Promise<void> {
  const { client, title } = stranger;
  tell.does(title, TEXTS.triesAll);
  const hidden = [
    `GET /v1/messages/${messageId}`,
    `GET /v1/messages/${messageId}/deliveries`,
    `GET /v1/messages/${messageId}/explain`,
    `GET /v1/subscriptions/${bank.id}`,
    `GET /v1/subscriptions/${bank.id}/secret`,
    `POST /v1/subscriptions/${bank.id}/redrive`,
  ];
  for (const request of hidden) await client.refused(request, 404);
  tell.holds(TEXTS.allNotFound(hidden.length));
  const closed = [
    `GET /v1/topics/${topicId}`,
    `GET /v1/topics/${topicId}/grants`,
    `DELETE /v1/topics/${topicId}`,
  ];
  for (const request of closed) await client.refused(request, 403);
  await client.refused(`POST /v1/topics/${topicId}/messages`, 403, {
    body: { type: 'car.chosen', data: {} },
  });
  await client.refused('GET /v1/receipts', 403, { query: { topicId, ...rangeAround(Date.now()) } });
  tell.holds(TEXTS.closedTopic(closed.length + 2));
  const lists = await Promise.all(
    ['/v1/messages', '/v1/deliveries', '/v1/topics'].map((path) => client.ask(`GET ${path}`, ids)),
  );
  checkEqual(
    TEXTS.listsEmpty,
    lists.map(({ items }) => items.length),
    [0, 0, 0],
  );
  tell.holds(TEXTS.listsEmpty);
}
