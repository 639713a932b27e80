import { listMessageDeliveries } from '@anika/contracts/deliveries';
import { createApiKey } from '@anika/contracts/partners';
import { ackDeliveries, pullDeliveries } from '@anika/contracts/pulls';
import { createSubscription, deleteSubscription } from '@anika/contracts/subscriptions';
import { Webhook } from 'standardwebhooks';
import { check, checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import { isGenuine } from '../endpoints.ts';
import type { Cast, Stage } from '../stage.ts';
import { WHO } from '../texts.ts';
import type { Publisher } from './publishing.ts';
import { TEXTS } from './pulling.texts.ts';

/** Who has no public address fetches its messages, and loses nothing by it. */
export async function pullMessages(
  { tell }: Stage,
  { dealer, bank }: Cast,
  { publisher, topicId }: { readonly publisher: Publisher; readonly topicId: string },
): Promise<void> {
  tell.does(bank.title, TEXTS.subscribes, 'POST /v1/subscriptions');
  const body = { topicId, delivery: { type: 'pull' } } as const;
  const { id, state, secret } = await bank.client.ask(createSubscription, { body });
  checkEqual(TEXTS.activeWithoutAddress, state, 'active');
  tell.holds(TEXTS.activeWithoutAddress);
  tell.does(bank.title, TEXTS.makesKey, 'POST /v1/api-keys');
  const { key } = await bank.client.ask(createApiKey, {
    body: { name: 'Второй отдел', scopes: ['receive'] },
  });
  const department = bank.client.as(key);

  const params = { id };
  const path = `/v1/subscriptions/${id}`;
  tell.does(bank.title, TEXTS.waits, `POST ${path}/pull`);
  const waiting = department.ask(pullDeliveries, { params, body: { waitSeconds: 10 } });
  tell.does(WHO.dealersServer, TEXTS.publishes);
  const sentAtMs = performance.now();
  const messageId = await publisher.publish(choiceNumber(70));
  const [item, ...others] = (await waiting).items;
  const tookMs = Math.round(performance.now() - sentAtMs);
  checkEqual(TEXTS.thatMessage, [item?.headers['webhook-id'], others.length], [messageId, 0]);
  tell.holds(TEXTS.cameAfter(tookMs));
  if (item === undefined) return;
  check(TEXTS.genuine, isGenuine(new Webhook(secret), item.body, item.headers), {
    expected: TEXTS.genuine,
    came: item,
  });
  tell.holds(TEXTS.genuine);
  checkEqual(TEXTS.leased, await department.ask(pullDeliveries, { params }), { items: [] });
  tell.holds(TEXTS.leased);

  tell.does(bank.title, TEXTS.acknowledges, `POST ${path}/ack`);
  const { deliveryId, lease } = item;
  const ack = { params, body: { items: [{ deliveryId, lease, outcome: 'done' as const }] } };
  const said = await department.ask(ackDeliveries, ack);
  const { items } = await dealer.client.ask(listMessageDeliveries, { params: { id: messageId } });
  const ofDealer = items.find((one) => one.id === deliveryId)?.state;
  checkEqual(TEXTS.delivered, [said.items[0]?.status, ofDealer], [200, 'delivered']);
  tell.holds(TEXTS.delivered);
  const again = await department.ask(ackDeliveries, ack);
  checkEqual(TEXTS.onlyOnce, again.items[0]?.status, 409);
  tell.holds(TEXTS.onlyOnce);
  await bank.client.ask(deleteSubscription, { params });
}
