import { explainMessage } from '@anika/contracts/explain';
import { previewSubscription, updateSubscription } from '@anika/contracts/subscriptions';
import { asIs } from '../../language.ts';
import { check, checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import type { Publisher } from './publishing.ts';
import type { Subscription } from './subscription.ts';
import { TEXTS } from './why.texts.ts';

const COSTLY = 2_500_000;

export interface Sides {
  readonly topicId: string;
  readonly publisher: Publisher;
  readonly subscription: Subscription;
}

/** A message does not come to the bank: each side hears why, as far as it is its own affair. */
export async function explainMissing(
  { tell }: Stage,
  { dealer, bank, stranger }: Cast,
  { topicId, publisher, subscription }: Sides,
): Promise<void> {
  tell.does(bank.title, TEXTS.triesFilter, 'POST /v1/subscriptions/preview');
  const tried = (filter: Record<string, unknown>) =>
    bank.client.ask(previewSubscription, { body: { topicId, filter } });
  const misspelt = 'data.car.prise';
  const { warnings } = await tried({ [misspelt]: { gte: COSTLY } });
  checkEqual(
    TEXTS.isMisspelt,
    warnings.map(({ path }) => path),
    [misspelt],
  );
  tell.holds(TEXTS.misspelt(misspelt));
  const filter = { 'data.car.price': { gte: COSTLY } };
  const { matching, considered } = await tried(filter);
  check(TEXTS.someMatch, matching > 0 && matching < considered, {
    expected: asIs(`0 < … < ${considered}`),
    came: matching,
  });
  tell.holds(TEXTS.wouldMatch(matching, considered));

  const params = { id: subscription.id };
  tell.does(bank.title, TEXTS.narrows, 'PATCH /v1/subscriptions/{id}');
  await bank.client.ask(updateSubscription, { params, body: { filter } });
  tell.does(WHO.dealersServer, TEXTS.publishes);
  const id = await publisher.publish(choiceNumber(0));
  const why = { params: { id } };
  tell.does(bank.title, TEXTS.asksWhy, 'GET /v1/messages/{id}/explain');
  const [seen] = (await bank.client.ask(explainMessage, why)).items;
  const broken = seen?.rules.filter(({ held }) => !held) ?? [];
  checkEqual(TEXTS.onlyFilter, [seen?.outcome, ...broken.map(({ rule }) => rule)], ['none', 'filter']);
  tell.holds(TEXTS.bankSeesValues(broken[0]?.detail ?? ''));

  const { items } = await dealer.client.ask(explainMessage, { ...why, query: { partnerId: bank.id } });
  const told = items.flatMap(({ rules }) => rules).filter(({ held }) => !held);
  checkEqual(
    TEXTS.choiceOnly,
    told.map(({ rule, detail }) => `${rule}: ${detail}`),
    ["filter: the reader's choice"],
  );
  tell.holds(TEXTS.dealerSeesChoice);
  await stranger.client.refused(explainMessage, 404, why);
  tell.holds(TEXTS.strangerSeesNothing);
  await bank.client.ask(updateSubscription, { params, body: { filter: null } });
}
