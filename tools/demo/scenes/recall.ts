import { getMessage, recallMessage } from '@anika/contracts/messages';
import { publishMessage } from '@anika/contracts/publish';
import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { until } from '../until.ts';
import { arrived, type Publisher } from './publishing.ts';
import { TEXTS } from './recall.texts.ts';
import type { Subscription } from './subscription.ts';

const TIMEOUT_MS = 10_000;
/** How far ahead the dealer schedules a message. */
const AHEAD_MS = 700;
/** What is promised. */
const LATE_MAX_MS = 1000;

const notice = z.object({ messageId: z.string(), reason: z.string() });

type Sides = { readonly publisher: Publisher; readonly bank: Subscription };

/** A message that should not have been sent: its contents go, and the bank hears of it. */
export async function takeBack(stage: Stage, cast: Cast, { publisher, bank }: Sides): Promise<void> {
  const { tell, signal } = stage;
  tell.does(WHO.dealersServer, TEXTS.publishesWrong, 'POST /v1/topics/{id}/messages');
  const id = await publisher.publish(choiceNumber(70));
  await arrived(bank.endpoint, id, signal);
  tell.does(WHO.dealersServer, TEXTS.takesBack, 'DELETE /v1/messages/{id}');
  const body = { reason: 'Не тот клиент' };
  const taken = await publisher.client.ask(recallMessage, { params: { id }, body });
  checkEqual(TEXTS.isRecalled, taken.state, 'recalled');
  for (const { client } of [cast.dealer, cast.bank])
    await client.refused(getMessage, 410, { params: { id } });
  tell.holds(TEXTS.nobodyReads);
  const told = await until(
    TEXTS.bankIsTold,
    () => bank.endpoint.arrivals.find(({ data }) => notice.safeParse(data).data?.messageId === id),
    { timeoutMs: TIMEOUT_MS, signal },
  );
  checkEqual(TEXTS.bankIsTold, [told.status, notice.parse(told.data).reason], [204, body.reason]);
  tell.holds(TEXTS.bankIsTold);
}

/** A message for a moment later. */
export async function sendLater(stage: Stage, cast: Cast, { publisher, bank }: Sides): Promise<void> {
  const { tell, signal } = stage;
  const dueMs = Date.now() + AHEAD_MS;
  tell.does(WHO.dealersServer, TEXTS.publishesFor(AHEAD_MS), 'POST /v1/topics/{id}/messages');
  const { id } = await publisher.client.ask(publishMessage, {
    params: { id: publisher.topicId },
    body: { type: 'car.chosen', data: choiceNumber(71), deliverAt: new Date(dueMs).toISOString() },
  });
  await cast.bank.client.refused(getMessage, 404, { params: { id } });
  tell.holds(TEXTS.notYet);
  await arrived(bank.endpoint, id, signal);
  const lateMs = Date.now() - dueMs;
  check(TEXTS.cameAfter(lateMs), lateMs >= 0 && lateMs < LATE_MAX_MS, {
    expected: TEXTS.withinMs(LATE_MAX_MS),
    came: TEXTS.cameAfter(lateMs),
  });
  tell.holds(TEXTS.cameAfter(lateMs));
}
