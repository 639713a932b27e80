import { listNotices } from '@anika/contracts/notices';
import { createApiKey, deleteApiKey } from '@anika/contracts/partners';
import { z } from 'zod';
import { checkEqual } from '../check.ts';
import type { Cast, Stage } from '../stage.ts';
import { until } from '../until.ts';
import { TEXTS } from './notices.texts.ts';
import { type Subscription, subscribe } from './subscription.ts';

const TIMEOUT_MS = 10_000;

const dead = z.object({
  type: z.literal('anika.delivery.dead'),
  data: z.object({ subscriptionId: z.string(), count: z.number(), exampleDeliveryId: z.string() }),
});
const made = z.object({ type: z.literal('anika.key.made'), data: z.object({ keyId: z.string() }) });

/** The bank's on-call server listens to what ANIKA tells the bank. */
export async function watchNotices(stage: Stage, { bank, stranger }: Cast): Promise<Subscription> {
  const { tell } = stage;
  tell.does(bank.title, TEXTS.subscribes, 'POST /v1/subscriptions {"topicId": "notices"}');
  const onCall = await subscribe(stage, bank, { topicId: 'notices' });
  tell.does(bank.title, TEXTS.makesKey, 'POST /v1/api-keys');
  const startedMs = performance.now();
  const key = await bank.client.ask(createApiKey, {
    body: { name: 'Дежурный', scopes: ['read'] },
  });
  const told = await arrived(stage, onCall, made);
  checkEqual(TEXTS.keyTold, told.data.keyId, key.id);
  tell.holds(TEXTS.toldWithin(performance.now() - startedMs));
  await bank.client.ask(deleteApiKey, { params: { id: key.id } });
  const { items } = await stranger.client.ask(listNotices, { query: { type: 'anika.key.made' } });
  checkEqual(TEXTS.othersHearNothing, items.length, 0);
  tell.holds(TEXTS.othersHearNothing);
  return onCall;
}

/** Nobody had to look: the dead letters were told. */
export async function hearOfDead(
  stage: Stage,
  { onCall, subscriptionId }: { onCall: Subscription; subscriptionId: string },
): Promise<void> {
  const { data } = await arrived(stage, onCall, dead);
  checkEqual(TEXTS.aboutThis, data.subscriptionId, subscriptionId);
  stage.tell.holds(TEXTS.deadTold(data.exampleDeliveryId));
}

/** Waits for a genuine one at the on-call server. */
function arrived<T>({ signal }: Stage, { endpoint }: Subscription, form: z.ZodType<T>): Promise<T> {
  const look = () => {
    for (const { rawBody, status } of endpoint.arrivals) {
      const parsed = form.safeParse(JSON.parse(rawBody));
      if (parsed.success && status === 204) return parsed.data;
    }
    return undefined;
  };
  return until(TEXTS.noticeCame, look, { timeoutMs: TIMEOUT_MS, signal });
}
