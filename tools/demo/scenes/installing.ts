import { randomBytes } from 'node:crypto';
import { listMessageDeliveries } from '@anika/contracts/deliveries';
import { verifySubscription } from '@anika/contracts/subscription-acts';
import { createSubscription, deleteSubscription } from '@anika/contracts/subscriptions';
import { checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import { until } from '../until.ts';
import { TEXTS } from './installing.texts.ts';
import { arrived, type Publisher } from './publishing.ts';

const TIMEOUT_MS = 15_000;

/** A receiver that verifies everything is installed, secret and all, before anything is sent to it. */
export async function installFirst(
  stage: Stage,
  { bank }: Cast,
  { publisher, topicId }: { readonly publisher: Publisher; readonly topicId: string },
): Promise<void> {
  const { tell, signal } = stage;
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const endpoint = await stage.openEndpoint();
  tell.does(bank.title, TEXTS.subscribes, 'POST /v1/subscriptions {"secret", "verify": false}');
  const { id, state } = await bank.client.ask(createSubscription, {
    body: { topicId, url: endpoint.url, secret, verify: false },
  });
  endpoint.trust(secret);
  tell.does(WHO.dealersServer, TEXTS.publishesMeanwhile);
  const messageId = await publisher.publish(choiceNumber(60));
  await until(
    TEXTS.isHeld,
    async () => {
      const { items } = await bank.client.ask(listMessageDeliveries, { params: { id: messageId } });
      return items.find((one) => one.subscriptionId === id && one.state === 'held');
    },
    { timeoutMs: TIMEOUT_MS, signal },
  );
  checkEqual(TEXTS.isHeld, [state, endpoint.challenges, endpoint.arrivals.length], ['pending', 0, 0]);
  tell.holds(TEXTS.isHeld);

  tell.does(bank.title, TEXTS.verifies, 'POST /v1/subscriptions/{id}/verify');
  const verified = await bank.client.ask(verifySubscription, { params: { id } });
  checkEqual(TEXTS.isActive, [verified.state, endpoint.challenges], ['active', 1]);
  const arrival = await arrived(endpoint, messageId, signal);
  checkEqual(TEXTS.cameAfterAll, [arrival.status, arrival.headers['anika-subscription-id']], [204, id]);
  tell.holds(TEXTS.cameAfterAll);
  await bank.client.ask(deleteSubscription, { params: { id } });
}
