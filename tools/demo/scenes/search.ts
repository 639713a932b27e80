import { listDeliveries, listMessageDeliveries, redriveSubscription } from '@anika/contracts/deliveries';
import { explainMessage } from '@anika/contracts/explain';
import { listTopicGrants } from '@anika/contracts/grants';
import { getMessage, searchMessages } from '@anika/contracts/messages';
import { publishMessage } from '@anika/contracts/publish';
import { receipts } from '@anika/contracts/receipts';
import { getSecret } from '@anika/contracts/signing';
import { getSubscription } from '@anika/contracts/subscriptions';
import { deleteTopic, getTopic, listTopics } from '@anika/contracts/topics';
import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import { MARIA, MARIA_IN_WORDS, withoutPhone } from '../choices.ts';
import type { Client } from '../client.ts';
import { type Cast, rangeAround, type Stage } from '../stage.ts';
import { TEXTS } from './search.texts.ts';
import type { Subscription } from './subscription.ts';

const found = (client: Client, query: { topicId: string; q?: string; where?: string; limit?: number }) =>
  client.ask(searchMessages, { query });

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
  const ofMessage = { params: { id: messageId } };
  const ofBank = { params: { id: bank.id } };
  const ofTopic = { params: { id: topicId } };
  const hidden = await Promise.all([
    client.refused(getMessage, 404, ofMessage),
    client.refused(listMessageDeliveries, 404, ofMessage),
    client.refused(explainMessage, 404, ofMessage),
    client.refused(getSubscription, 404, ofBank),
    client.refused(getSecret, 404, ofBank),
    client.refused(redriveSubscription, 404, ofBank),
  ]);
  tell.holds(TEXTS.allNotFound(hidden.length));
  const closed = await Promise.all([
    client.refused(getTopic, 403, ofTopic),
    client.refused(listTopicGrants, 403, ofTopic),
    client.refused(deleteTopic, 403, ofTopic),
    client.refused(publishMessage, 403, { ...ofTopic, body: { type: 'car.chosen', data: {} } }),
    client.refused(receipts, 403, { query: { topicId, ...rangeAround(Date.now()) } }),
  ]);
  tell.holds(TEXTS.closedTopic(closed.length));
  const lists = await Promise.all([
    client.ask(searchMessages),
    client.ask(listDeliveries),
    client.ask(listTopics),
  ]);
  checkEqual(
    TEXTS.listsEmpty,
    lists.map(({ items }) => items.length),
    [0, 0, 0],
  );
  tell.holds(TEXTS.listsEmpty);
}
