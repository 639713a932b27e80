import { getMessage } from '@anika/contracts/messages';
import { opsMessage, opsOverview } from '@anika/contracts/ops';
import { updatePartner } from '@anika/contracts/partners';
import { createSubscription } from '@anika/contracts/subscriptions';
import { check, checkEqual } from '../check.ts';
import { MARIA } from '../choices.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { TEXTS } from './operating.texts.ts';

type Known = { readonly topicId: string; readonly messageId: string };

/** The operator finds out how it goes and where a message is, and reads none. */
export async function lookWithoutReading({ tell }: Stage, cast: Cast, known: Known): Promise<void> {
  const { operator, dealer, bank } = cast;
  const params = { id: known.messageId };
  tell.does(WHO.operator, TEXTS.looks, 'GET /v1/ops/overview · GET /v1/ops/messages/{id}');
  const overview = await operator.ask(opsOverview);
  const away = Object.values(overview.stores).filter((state) => state !== 'ok');
  checkEqual(TEXTS.storesAnswer, away, []);
  const seen = await operator.ask(opsMessage, { params });
  const states = seen.deliveries.map(({ state }) => state);
  checkEqual(TEXTS.isThere, [seen.ownerName, ...states], [dealer.name, 'delivered']);
  tell.holds(TEXTS.found(overview.processes.length, dealer.title));
  const text = JSON.stringify([overview, seen]);
  const { name, city, phone } = MARIA.customer;
  check(TEXTS.noContents, ![name, city, phone, MARIA.car.model].some((each) => text.includes(each)), {
    expected: TEXTS.noContents,
    came: text,
  });
  await operator.refused(getMessage, 403, { params });
  await dealer.client.refused(opsMessage, 403, { params });
  tell.holds(TEXTS.noContents);

  tell.does(WHO.operator, TEXTS.bounds, 'PATCH /v1/partners/{id} {"limits"}');
  const setLimit = (subscriptions: number | null) =>
    operator.ask(updatePartner, { params: { id: bank.id }, body: { limits: { subscriptions } } });
  await setLimit(1);
  const body = { topicId: known.topicId, delivery: { type: 'pull' } } as const;
  const code = await bank.client.refused(createSubscription, 422, { body });
  checkEqual(TEXTS.isBounded, code, 'limit-reached');
  await setLimit(null);
  tell.holds(TEXTS.isBounded);
}
