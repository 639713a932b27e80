import type { PartnerCaller } from '@anika/core/access';
import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import type { Subscription } from '@anika/core/subscription';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import { existing } from '../http/path-id.ts';
import type { MayStart } from './may-start.ts';

export type RedriveNeeds = {
  readonly findSubscription: (id: SubscriptionId, partnerId: PartnerId) => Promise<Subscription | undefined>;
  readonly mayStart: MayStart;
  readonly redrive: DeliveryStore['redrive'];
  readonly requestSweep: () => Promise<void>;
  /** For the reader's log and the owner's. */
  readonly recordRedrive: (subscription: Subscription, redriven: number, by: PartnerCaller) => Promise<void>;
};

/** Starts the dead deliveries of a subscription again, each with a new schedule; returns how many. */
export function createRedriveSubscription(needs: RedriveNeeds) {
  return async (
    id: SubscriptionId,
    range: { fromMs?: number; toMs?: number },
    by: PartnerCaller,
  ): Promise<number> => {
    const subscription = existing(await needs.findSubscription(id, by.partnerId), 'sub');
    await needs.mayStart(id, 'redrive');
    const redriven = await needs.redrive(id, range);
    await needs.recordRedrive(subscription, redriven, by);
    await needs.requestSweep();
    return redriven;
  };
}
