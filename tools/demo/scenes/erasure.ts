import { createErasure, getErasure } from '@anika/contracts/erasures';
import { getMessage } from '@anika/contracts/messages';
import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { until } from '../until.ts';
import { TEXTS } from './erasure.texts.ts';
import { arrived, type Publisher } from './publishing.ts';
import type { Subscription } from './subscription.ts';

const TIMEOUT_MS = 15_000;
/** A customer of whom nothing else was published. */
const CUSTOMER = 150;

const recalled = z.object({ messageId: z.string() });

type Sides = { readonly publisher: Publisher; readonly bank: Subscription };

/** A customer asks to be forgotten: what was published of them goes, and the dealer can prove it. */
export async function forgetCustomer(
  stage: Stage,
  { dealer, bank: reader }: Cast,
  { publisher, bank }: Sides,
): Promise<void> {
  const { tell, signal } = stage;
  const choice = choiceNumber(CUSTOMER);
  tell.does(WHO.dealersServer, TEXTS.publishesTwo, 'POST /v1/topics/{id}/messages');
  const ids = [await publisher.publish(choice), await publisher.publish(choice)];
  for (const each of ids) await arrived(bank.endpoint, each, signal);

  const body = { path: 'data.customer.phone', value: choice.customer.phone, reason: 'Просьба клиента' };
  await publisher.client.refused(createErasure, 403, { body });
  tell.does(dealer.title, TEXTS.erases, 'POST /v1/erasures');
  const begun = await dealer.client.ask(createErasure, { body });
  if ('dryRun' in begun) throw new Error('the erasure was only counted');
  const { id } = begun;
  const { matched, erased, proof } = await until(
    TEXTS.isDone,
    async () => {
      const erasure = await dealer.client.ask(getErasure, { params: { id } });
      return erasure.state === 'done' ? erasure : undefined;
    },
    { timeoutMs: TIMEOUT_MS, signal },
  );
  checkEqual(TEXTS.isDone, [matched, erased, proof?.count], [2, 2, 2]);
  tell.holds(TEXTS.proven(proof?.hash.slice(0, 12) ?? ''));
  for (const company of [dealer, reader])
    for (const each of ids) await company.client.refused(getMessage, 410, { params: { id: each } });
  tell.holds(TEXTS.nobodyReads);
  await until(
    TEXTS.bankIsTold,
    () => {
      const told = bank.endpoint.arrivals.map(({ data }) => recalled.safeParse(data).data?.messageId);
      return ids.every((each) => told.includes(each)) ? true : undefined;
    },
    { timeoutMs: TIMEOUT_MS, signal },
  );
  const heard = bank.endpoint.arrivals.filter(({ data }) => recalled.safeParse(data).success);
  check(TEXTS.bankIsTold, !heard.some(({ rawBody }) => rawBody.includes(choice.customer.phone)), {
    expected: TEXTS.bankIsTold,
    came: heard.map(({ rawBody }) => rawBody),
  });
  tell.holds(TEXTS.bankIsTold);
}
