import {
  getDelivery,
  listDeliveries,
  listMessageDeliveries,
  redriveSubscription,
} from '@anika/contracts/deliveries';
import { deliverJobV1 } from '@anika/contracts/jobs';
import { pauseSubscription, resumeSubscription } from '@anika/contracts/subscription-acts';
import { check, checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { until } from '../until.ts';
import type { Board } from './board.ts';
import type { Publisher } from './publishing.ts';
import type { Subscription } from './subscription.ts';
import { TEXTS } from './troubles.texts.ts';

const TIMEOUT_MS = 30_000;
const RETRY_AFTER_SECONDS = 2;

/** The bank's server is overloaded, then broken, then well: the message waits for it. */
export async function retryFlaky(
  stage: Stage,
  cast: Cast,
  { publisher, bank, board }: Sides & { readonly board: Board },
): Promise<void> {
  const { tell } = stage;
  const { endpoint } = bank;
  const replies = [{ status: 503, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } }, { status: 500 }];
  endpoint.behave((before) => replies[before] ?? { status: 204 });
  tell.note(TEXTS.overloaded(RETRY_AFTER_SECONDS));
  tell.does(WHO.dealersServer, TEXTS.publishes);
  const id = await publisher.publish(choiceNumber(50));
  await watchAttempt(stage, { bank, id, n: 1 });
  await findItsJob(stage, { board, id });
  await watchAttempt(stage, { bank, id, n: 2 });
  await watchAttempt(stage, { bank, id, n: 3 });
  const waitedMs = waitedBefore(bank, id, 2) ?? 0;
  check(TEXTS.retryAfterKept(waitedMs), waitedMs >= RETRY_AFTER_SECONDS * 1000 - 20, {
    expected: TEXTS.notBefore(RETRY_AFTER_SECONDS),
    came: waitedMs,
  });
  tell.holds(TEXTS.retryAfterKept(waitedMs));
  const { id: deliveryId } = await settled(stage, cast, { messageId: id, state: 'delivered' });
  const seen = await cast.bank.client.ask(getDelivery, { params: { id: deliveryId } });
  checkEqual(
    TEXTS.allRecorded,
    seen.attempts.map((attempt) => attempt.status),
    [503, 500, 204],
  );
  tell.holds(TEXTS.thirdTime);
  endpoint.behave(() => ({ status: 204 }));
}

/** Tells of the n-th attempt of a message when it has come. */
async function watchAttempt(
  { tell, signal }: Stage,
  { bank, id, n }: { bank: Subscription; id: string; n: number },
): Promise<void> {
  const look = () => arrivalsOf(bank, id)[n - 1];
  const { status } = await until(TEXTS.attemptMade(n), look, { timeoutMs: TIMEOUT_MS, signal });
  const waitedMs = waitedBefore(bank, id, n);
  tell.note(waitedMs === undefined ? TEXTS.answered(n, status) : TEXTS.answeredAfter(n, status, waitedMs));
}

/** How long after the one before the n-th attempt came; undefined for the first. */
function waitedBefore(bank: Subscription, id: string, n: number): number | undefined {
  const [before, arrival] = arrivalsOf(bank, id).slice(Math.max(0, n - 2), n);
  return before && arrival && arrival.atMs - before.atMs;
}

/** While the delivery waits, its job is in the queue: ids that anybody may see, and a message that nobody can read. */
async function findItsJob(
  { tell, signal }: Stage,
  { board, id }: { board: Board; id: string },
): Promise<void> {
  const state = 'delayed';
  const look = async () => {
    const jobs = await board.jobs('deliver', state);
    return jobs.find(({ data }) => data.messageId === id);
  };
  const { data } = await until(TEXTS.jobIsThere, look, { timeoutMs: TIMEOUT_MS, signal });
  tell.holds(TEXTS.oneJob(state));
  const sealed = deliverJobV1.safeParse(data).success;
  check(TEXTS.jobIsSealed, sealed, { expected: TEXTS.idsAndSeal, came: data });
  tell.holds(TEXTS.jobIsSealed);
}

export interface Sides {
  readonly publisher: Publisher;
  readonly bank: Subscription;
}

/** The bank's server is down for longer than the schedule lasts. @returns the ids of the lost messages */
export async function buryDead(
  stage: Stage,
  cast: Cast,
  { publisher, bank }: Sides,
): Promise<readonly string[]> {
  const { tell } = stage;
  await bank.endpoint.shutDown();
  tell.note(TEXTS.serverDown);
  tell.does(WHO.dealersServer, TEXTS.publishesTwo);
  const ids = [await publisher.publish(choiceNumber(60)), await publisher.publish(choiceNumber(61))];
  tell.note(TEXTS.schedule);
  for (const messageId of ids) {
    const dead = await settled(stage, cast, { messageId, state: 'dead' });
    checkEqual(TEXTS.reasonNamed, dead.reason, 'attempts-exhausted');
    const { attempts: made } = await cast.bank.client.ask(getDelivery, { params: { id: dead.id } });
    checkEqual(TEXTS.allTried, made.length, 4);
    const causes = [...new Set([dead.reason, ...made.map((attempt) => attempt.errorClass)])].join(', ');
    tell.holds(TEXTS.isDead(dead.id, made.length, causes));
  }
  return ids;
}

/** The server is back: the bank itself asks for what it missed. */
export async function redrive(
  stage: Stage,
  cast: Cast,
  { bank, ids }: { bank: Subscription; ids: readonly string[] },
) {
  const { tell } = stage;
  await bank.endpoint.start();
  tell.note(TEXTS.repaired);
  tell.does(cast.bank.title, TEXTS.asksForMissed, 'POST /v1/subscriptions/{id}/redrive');
  const answer = await cast.bank.client.ask(redriveSubscription, { params: { id: bank.id } });
  checkEqual(TEXTS.bothBack, answer.redriven, ids.length);
  for (const messageId of ids) await settled(stage, cast, { messageId, state: 'delivered' });
  const arrivals = ids.map((id) => arrivalsOf(bank, id).map((arrival) => arrival.status));
  checkEqual(
    TEXTS.eachOnce,
    arrivals,
    ids.map(() => [204]),
  );
  tell.holds(TEXTS.nothingLost);
}

const HELD = 5;

export async function pauseAndResume(stage: Stage, cast: Cast, { publisher, bank }: Sides): Promise<void> {
  const { tell } = stage;
  const { client, title } = cast.bank;
  tell.does(title, TEXTS.pauses, 'POST /v1/subscriptions/{id}/pause');
  await client.ask(pauseSubscription, { params: { id: bank.id } });
  const before = bank.endpoint.arrivals.length;
  const published: string[] = [];
  for (let n = 0; n < HELD; n += 1) published.push(await publisher.publish(choiceNumber(70 + n)));
  const query = { subscriptionId: bank.id, state: 'held' } as const;
  await until(
    TEXTS.messagesWait,
    async () => {
      const { items } = await client.ask(listDeliveries, { query });
      return items.length === HELD ? items : undefined;
    },
    { timeoutMs: TIMEOUT_MS, signal: stage.signal },
  );
  checkEqual(TEXTS.silentMeanwhile, bank.endpoint.arrivals.length, before);
  tell.holds(TEXTS.allHeld(HELD));
  tell.does(title, TEXTS.resumes, 'POST /v1/subscriptions/{id}/resume');
  await client.ask(resumeSubscription, { params: { id: bank.id } });
  const came = () => bank.endpoint.arrivals.slice(before).map((arrival) => arrival.id);
  const look = () => (came().length >= HELD ? came() : undefined);
  const order = await until(TEXTS.waitingCame, look, { timeoutMs: TIMEOUT_MS, signal: stage.signal });
  checkEqual(TEXTS.inOrder(HELD), order, published);
  tell.holds(TEXTS.inOrder(HELD));
}

/** Waits until the bank's delivery of a message has come to that state. */
async function settled(stage: Stage, cast: Cast, wanted: { messageId: string; state: string }) {
  const { messageId, state } = wanted;
  return until(
    TEXTS.deliveryIs(state),
    async () => {
      const { items } = await cast.bank.client.ask(listMessageDeliveries, { params: { id: messageId } });
      return items.find((delivery) => delivery.state === state);
    },
    { timeoutMs: TIMEOUT_MS, signal: stage.signal },
  );
}

function arrivalsOf(bank: Subscription, id: string) {
  return bank.endpoint.arrivals.filter((arrival) => arrival.id === id);
}
