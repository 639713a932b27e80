import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { check, checkEqual } from '../check.ts';
import { choiceNumber } from '../choices.ts';
import { isGenuine } from '../endpoints.ts';
import { type Cast, deliveries, type Stage, withId } from '../stage.ts';
import { WHO } from '../texts.ts';
import type { Publisher } from './publishing.ts';
import { TEXTS } from './pulling.texts.ts';

const created = z.object({ id: z.string(), state: z.string(), url: z.null(), secret: z.string() });
const pulled = z.object({
  items: z.array(
    z.object({
      deliveryId: z.string(),
      lease: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
    }),
  ),
});
const acknowledged = z.object({ items: z.array(z.object({ status: z.number() })) });
const key = withId.extend({ key: z.string() });

/** Who has no public address fetches its messages, and loses nothing by it. */
export async function pullMessages(
  { tell }: Stage,
  { dealer, bank }: Cast,
  { publisher, topicId }: { readonly publisher: Publisher; readonly topicId: string },
): Promise<void> {
  tell.does(bank.title, TEXTS.subscribes, 'POST /v1/subscriptions');
  const body = { topicId, delivery: { type: 'pull' } };
  const { id, state, secret } = await bank.client.ask('POST /v1/subscriptions', created, { body });
  checkEqual(TEXTS.activeWithoutAddress, state, 'active');
  tell.holds(TEXTS.activeWithoutAddress);
  tell.does(bank.title, TEXTS.makesKey, 'POST /v1/api-keys');
  const receiving = { name: 'Второй отдел', scopes: ['receive'] };
  const department = bank.client.as(
    (await bank.client.ask('POST /v1/api-keys', key, { body: receiving })).key,
  );

  const path = `/v1/subscriptions/${id}`;
  tell.does(bank.title, TEXTS.waits, `POST ${path}/pull`);
  const waiting = department.ask(`POST ${path}/pull`, pulled, { body: { waitSeconds: 10 } });
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
  checkEqual(TEXTS.leased, await department.ask(`POST ${path}/pull`, pulled), { items: [] });
  tell.holds(TEXTS.leased);

  tell.does(bank.title, TEXTS.acknowledges, `POST ${path}/ack`);
  const { deliveryId, lease } = item;
  const ack = { body: { items: [{ deliveryId, lease, outcome: 'done' }] } };
  const said = await department.ask(`POST ${path}/ack`, acknowledged, ack);
  const { items } = await dealer.client.ask(`GET /v1/messages/${messageId}/deliveries`, deliveries);
  const ofDealer = items.find((one) => one.id === deliveryId)?.state;
  checkEqual(TEXTS.delivered, [said.items[0]?.status, ofDealer], [200, 'delivered']);
  tell.holds(TEXTS.delivered);
  const again = await department.ask(`POST ${path}/ack`, acknowledged, ack);
  checkEqual(TEXTS.onlyOnce, again.items[0]?.status, 409);
  tell.holds(TEXTS.onlyOnce);
  await bank.client.send('DELETE', path);
}
