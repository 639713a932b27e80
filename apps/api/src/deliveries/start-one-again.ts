import type { PartnerCaller } from '@anika/core/access';
import type { Delivery, DeliveryState } from '@anika/core/delivery/delivery';
import { DONE_FROM } from '@anika/core/delivery/transition';
import { Failure } from '@anika/core/failures';
import type { DeliveryId } from '@anika/core/ids';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { MayStart } from './may-start.ts';
import type { OwnDelivery } from './own-delivery.ts';

export type StartOneAgainNeeds = {
  readonly own: OwnDelivery;
  readonly mayStart: MayStart;
  readonly restart: DeliveryStore['retry'];
  /** Whether a request of it is on its way to the endpoint, or a puller has it. */
  readonly isUnderWay: (
    delivery: Pick<Delivery, 'id' | 'subscriptionId' | 'pull' | 'lease'>,
  ) => Promise<boolean>;
  /** Queues a delivery that was started again, in place of its job; should the queue be away, the sweep does. */
  readonly queueAnew: (delivery: Delivery) => Promise<void>;
  /** For the reader's log and the owner's; before it is done, so that nothing is sent again that is not on record. */
  readonly recordResent: (delivery: Delivery, by: PartnerCaller) => Promise<void>;
  readonly clock: { now(): number };
};

type Verb = {
  readonly what: 'retry' | 'resend';
  readonly must: string;
};

const RETRY: Verb = { what: 'retry', must: 'dead or waiting' };
const RESEND: Verb = { what: 'resend', must: 'delivered' };

/** One delivery again, with a schedule and a generation of its own, under the same `webhook-id`. */
export function createStartOneAgain(needs: StartOneAgainNeeds) {
  async function start(
    id: DeliveryId,
    { what, must }: Verb,
    by: PartnerCaller,
    record: StartOneAgainNeeds['recordResent'] = async () => undefined,
  ): Promise<Delivery> {
    const delivery = await needs.own(id, by);
    await needs.mayStart(delivery.subscriptionId, what);
    // A request that begins after this line is not forgotten either: the lane lets this one go after it.
    if (await needs.isUnderWay(delivery)) {
      throw new Failure(
        'conflict',
        `Cannot ${what}: a request of this delivery is under way; wait for what comes of it`,
      );
    }
    const from: readonly DeliveryState[] = DONE_FROM[what];
    if (!from.includes(delivery.state)) {
      throw new Failure('conflict', `Cannot ${what}: the delivery is ${delivery.state}, it must be ${must}`);
    }
    await record(delivery, by);
    const started = await needs.restart(id, from, needs.clock.now());
    if (started === undefined) {
      throw new Failure(
        'conflict',
        `Cannot ${what}: the delivery was ${delivery.state} and has changed just now; read it, it may be on its way again`,
      );
    }
    return started;
  }

  return {
    async retry(id: DeliveryId, by: PartnerCaller): Promise<Delivery> {
      const started = await start(id, RETRY, by);
      await needs.queueAnew(started);
      return started;
    },

    /** What the endpoint has taken already: for one that lost it afterwards. */
    async resend(id: DeliveryId, by: PartnerCaller): Promise<Delivery> {
      const started = await start(id, RESEND, by, needs.recordResent);
      await needs.queueAnew(started);
      return started;
    },
  };
}
