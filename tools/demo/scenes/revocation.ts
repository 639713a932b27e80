import { setTimeout as wait } from 'node:timers/promises';
import { listAudit } from '@anika/contracts/audit';
import { listMessageDeliveries, redriveSubscription } from '@anika/contracts/deliveries';
import { deleteGrant, putGrant, resendCancelled } from '@anika/contracts/grants';
import { searchMessages } from '@anika/contracts/messages';
import { getTopic } from '@anika/contracts/topics';
import { checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { until } from '../until.ts';
import { arrived, type Publisher } from './publishing.ts';
import { TEXTS } from './revocation.texts.ts';
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
  const own = await subscribe(stage, dealer, { topicId });
  subscription.endpoint.behave(() => ({ status: 503, headers: { 'retry-after': '600' } }));
  const waiting = await publisher.publish(choiceNumber(89));
  await arrived(subscription.endpoint, waiting, signal);
  tell.note(TEXTS.asksToWait);
  tell.does(dealer.title, TEXTS.revokes, 'DELETE /v1/topics/{id}/grants/{partnerId}');
  const revoked = await dealer.client.call(deleteGrant, { params: { id: topicId, partnerId: bank.id } });
  checkEqual(TEXTS.isRevoked, revoked.status, 204);
  await cancelled(stage, dealer, waiting);
  tell.holds(TEXTS.waitingCancelled);
  subscription.endpoint.behave(() => ({ status: 204 }));
  const before = subscription.endpoint.arrivals.length;
  tell.does(WHO.dealersServer, TEXTS.publishesNext);
  const id = await publisher.publish(choiceNumber(90));
  await arrived(own.endpoint, id, signal);
  await wait(SILENCE_MS, undefined, { signal });
  checkEqual(TEXTS.nothingToBank, subscription.endpoint.arrivals.length, before);
  const { items } = await dealer.client.ask(listMessageDeliveries, { params: { id } });
  checkEqual(
    TEXTS.onlyOwnDelivery,
    items.map(({ subscriptionId }) => subscriptionId),
    [own.id],
  );
  tell.holds(TEXTS.nothingToBank);
  checkEqual(TEXTS.searchEmpty, (await bank.client.ask(searchMessages)).items, []);
  await bank.client.refused(searchMessages, 403, { query: { topicId } });
  await bank.client.refused(getTopic, 403, { params: { id: topicId } });
  tell.holds(TEXTS.searchEmpty);
  await bank.client.refused(redriveSubscription, 409, { params: { id: subscription.id } });
  tell.holds(TEXTS.noRedrive);
  return waiting;
}

/** The dealer lets the bank in once more, for seconds: what the revocation cancelled comes only when it says so. */
export async function renew(
  stage: Stage,
  { dealer, bank }: Cast,
  { topicId, publisher, subscription, waiting }: Relation & { readonly waiting: string },
): Promise<void> {
  const { tell, signal } = stage;
  const { endpoint } = subscription;
  const params = { id: topicId, partnerId: bank.id };
  const expiresAt = new Date(Date.now() + RENEWED_MS);
  tell.does(dealer.title, TEXTS.letsInFor(RENEWED_MS / 1000), 'PUT /v1/topics/{id}/grants/{partnerId}');
  const body = { expiresAt: expiresAt.toISOString(), fields: { exclude: ['data.customer.phone'] } };
  await dealer.client.ask(putGrant, { params, body });
  const next = await publisher.publish(choiceNumber(91));
  await arrived(endpoint, next, signal);
  const attemptsOf = (id: string) => endpoint.arrivals.filter((arrival) => arrival.id === id).length;
  checkEqual(TEXTS.onlyNewCame, attemptsOf(waiting), 1);
  tell.holds(TEXTS.onlyNewCame);
  tell.does(dealer.title, TEXTS.resends, 'POST …/grants/{partnerId}/resend');
  checkEqual(TEXTS.oneTakenUp, (await dealer.client.ask(resendCancelled, { params })).resent, 1);
  await until(TEXTS.cancelledCame, () => attemptsOf(waiting) === 2 || undefined, {
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  tell.holds(TEXTS.cancelledCame);

  await wait(Math.max(0, expiresAt.getTime() - Date.now()), undefined, { signal });
  await bank.client.refused(getTopic, 403, { params: { id: topicId } });
  const query = { topicId, action: 'grant.expired' };
  for (const { client } of [dealer, bank]) {
    const look = async () => (await client.ask(listAudit, { query })).items.length || undefined;
    await until(TEXTS.endOnRecord, look, { timeoutMs: TIMEOUT_MS, signal });
  }
  tell.holds(TEXTS.timeIsOver);
}

async function cancelled(stage: Stage, dealer: Cast['dealer'], messageId: string): Promise<void> {
  const look = async () => {
    const { items } = await dealer.client.ask(listMessageDeliveries, { params: { id: messageId } });
    return items.find(({ state, reason }) => state === 'cancelled' && reason === 'grant-revoked');
  };
  await until(TEXTS.waitingCancelled, look, { timeoutMs: TIMEOUT_MS, signal: stage.signal });
}
