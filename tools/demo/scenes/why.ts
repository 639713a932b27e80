import { z } from 'zod';
import { asIs } from '../../language.ts';
import { check, checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import { type Cast, type Stage, withId } from '../stage.ts';
import { WHO } from '../texts.ts';
import type { Publisher } from './publishing.ts';
import type { Subscription } from './subscription.ts';
import { TEXTS } from './why.texts.ts';

const preview = z.object({
  considered: z.number(),
  matching: z.number(),
  warnings: z.array(z.object({ path: z.string() })),
});
const rule = z.object({ rule: z.string(), held: z.boolean(), detail: z.string() });
const explanation = z.object({
  items: z.array(z.object({ partnerId: z.string(), outcome: z.string(), rules: z.array(rule) })),
});

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
  const tried = (filter: object) =>
    bank.client.ask('POST /v1/subscriptions/preview', preview, { body: { topicId, filter } });
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

  const path = `/v1/subscriptions/${subscription.id}`;
  tell.does(bank.title, TEXTS.narrows, 'PATCH /v1/subscriptions/{id}');
  await bank.client.ask(`PATCH ${path}`, withId, { body: { filter } });
  tell.does(WHO.dealersServer, TEXTS.publishes);
  const id = await publisher.publish(choiceNumber(0));
  const why = `GET /v1/messages/${id}/explain`;
  tell.does(bank.title, TEXTS.asksWhy, 'GET /v1/messages/{id}/explain');
  const [seen] = (await bank.client.ask(why, explanation)).items;
  const broken = seen?.rules.filter(({ held }) => !held) ?? [];
  checkEqual(TEXTS.onlyFilter, [seen?.outcome, ...broken.map(({ rule }) => rule)], ['none', 'filter']);
  tell.holds(TEXTS.bankSeesValues(broken[0]?.detail ?? ''));

  const { items } = await dealer.client.ask(why, explanation, { query: { partnerId: bank.id } });
  const told = items.flatMap(({ rules }) => rules).filter(({ held }) => !held);
  checkEqual(TEXTS.choiceOnly, told, [{ rule: 'filter', held: false, detail: "the reader's choice" }]);
  tell.holds(TEXTS.dealerSeesChoice);
  await stranger.client.refused(why, 404);
  tell.holds(TEXTS.strangerSeesNothing);
  await bank.client.ask(`PATCH ${path}`, withId, { body: { filter: null } });
}
