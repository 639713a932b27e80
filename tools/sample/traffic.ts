import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from '@anika/client/client';
import { publishMessage } from '@anika/contracts/publish';
import { ackDeliveries, pullDeliveries } from '@anika/contracts/pulls';
import { choiceNumber } from '../demo/choices.ts';

/** While the API is away, it is asked again after this. */
const AGAIN_MS = 2000;
const EVERY_MS = 450;
const SOLD_EVERY = 6;
const DECIDED_EVERY = 3;
const REFUSED_EVERY = 5;
const LATER_EVERY = 9;

/** Does it again and again until the signal; what fails is tried again a little later. */
async function repeat(signal: AbortSignal, work: (n: number) => Promise<void>): Promise<void> {
  for (let n = 0; !signal.aborted; n += 1) {
    await work(n).catch(() => wait(AGAIN_MS, undefined, { signal }).catch(() => undefined));
  }
}

type Publisher = { readonly client: Client; readonly topicId: string };

/** Customers choose cars; every now and then one is sold, and the bank decides on a loan. */
export function publishOn(dealer: Publisher, bank: Publisher, signal: AbortSignal): Promise<void> {
  const publish = ({ client, topicId }: Publisher, body: { type: string; key: string; data: object }) =>
    client.ask(publishMessage, { params: { id: topicId }, body });
  return repeat(signal, async (n) => {
    const choice = choiceNumber(n);
    const key = `client-${n % 400}`;
    await publish(dealer, { type: n % SOLD_EVERY === 0 ? 'car.sold' : 'car.chosen', key, data: choice });
    if (n % DECIDED_EVERY === 0) {
      const type = n % REFUSED_EVERY === 0 ? 'loan.refused' : 'loan.approved';
      const data = {
        model: choice.car.model,
        amount: choice.car.price - choice.credit.downPayment,
        years: 5,
      };
      await publish(bank, { type, key, data });
    }
    await wait(EVERY_MS + (n % 5) * 120, undefined, { signal });
  });
}

/** Fetches what there is and acknowledges it; every ninth one is put off once. */
export function pullOn(client: Client, subscriptionId: string, signal: AbortSignal): Promise<void> {
  const params = { id: subscriptionId };
  return repeat(signal, async () => {
    const body = { max: 20, waitSeconds: 10 };
    const { items } = await client.ask(pullDeliveries, { params, body, signal });
    if (items.length === 0) return;
    const said = items.map(({ deliveryId, lease, attempt, headers }, index) => {
      const isLater = attempt === 1 && (Number(headers['webhook-timestamp']) + index) % LATER_EVERY === 0;
      return { deliveryId, lease, outcome: isLater ? ('retry' as const) : ('done' as const) };
    });
    await client.ask(ackDeliveries, { params, body: { items: said } });
  });
}
