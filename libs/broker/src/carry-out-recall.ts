import { hash } from 'node:crypto';
import { grantState } from '@anika/core/access';
import type { MessageId, PartnerId } from '@anika/core/ids';
import { recallNoticeId, recallNoticeInput } from '@anika/core/ids';
import { RECALL_NOTICE_TYPE, type Recalled, recallNoticeText } from '@anika/core/recall';
import type { Route } from '@anika/core/route';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { RecallReason } from '@anika/stores/mongo/delivery-recalls';
import type { RecallStore } from '@anika/stores/mongo/recalls';
import { type FanOutNeeds, isSent, type Job, newDelivery, toJob } from './fan-out.ts';

export type CarryOutRecallNeeds = Pick<FanOutNeeds, 'route' | 'insertDeliveries'> &
  Pick<DeliveryStore, 'cancelRecalled' | 'dropAnswers' | 'reachedBy' | 'existing'> &
  Pick<RecallStore, 'keepNotice'> & {
    readonly removeWords: (message: Recalled) => Promise<void>;
    /** Jobs may hold what they bring along, sealed. Never rejects: what is left is refused by whoever opens it. */
    readonly removeJobs: (jobs: Awaited<ReturnType<DeliveryStore['cancelRecalled']>>) => Promise<void>;
    /** Never rejects: the sweep finds what has no job. */
    readonly addJobs: (jobs: readonly Job[]) => Promise<void>;
    readonly clock: { now(): number };
  };

export type CarryOutRecall = ReturnType<typeof createCarryOutRecall>;

/** The one id of the notice about a message. */
export function recallNoticeIdOf(messageId: MessageId): MessageId {
  return recallNoticeId(hash('sha256', recallNoticeInput(messageId), 'buffer'));
}

/**
 * All that follows once the contents of a message are gone: what waits is cancelled, answers and words go, whoever had
 * it is told. Every step may be repeated, and is, for what comes late: by the process that took it back, then by
 * dispatchers. Returns how many deliveries waited.
 */
export function createCarryOutRecall(needs: CarryOutRecallNeeds) {
  return async (recalled: Recalled): Promise<number> => {
    const waited = await silence(recalled, 'recalled', needs);
    await needs.removeWords(recalled);
    await tell(recalled, needs);
    return waited;
  };
}

type SilenceNeeds = Pick<CarryOutRecallNeeds, 'cancelRecalled' | 'dropAnswers' | 'removeJobs' | 'clock'>;

/** The deliveries of a message stay, without their answers; what waits is cancelled. Returns how many waited. */
export async function silence(
  { id }: Pick<Recalled, 'id'>,
  reason: RecallReason,
  needs: SilenceNeeds,
): Promise<number> {
  const waiting = await needs.cancelRecalled(id, reason, needs.clock.now());
  await needs.removeJobs(waiting);
  await needs.dropAnswers(id);
  return waiting.length;
}

/** Whatever it asked for, a subscription is told of what it had; not once its grant has ended. */
async function tell(recalled: Recalled, needs: CarryOutRecallNeeds): Promise<void> {
  const reached = await needs.reachedBy(recalled.id);
  const having = new Set(reached.flatMap((one) => (one.mayHaveIt ? [one.subscriptionId] : [])));
  if (having.size === 0) return;
  const route = (await needs.route(recalled.topicId))?.route;
  if (route === undefined) return;
  const nowMs = needs.clock.now();
  const told = route.subscriptions.filter(
    ({ id, partnerId }) => having.has(id) && mayKnow(route, partnerId, nowMs),
  );
  if (told.length === 0) return;
  const { topicId, ownerId, recalledAtMs } = recalled;
  const notice = {
    id: recallNoticeIdOf(recalled.id),
    topicId,
    ownerId,
    type: RECALL_NOTICE_TYPE,
    key: undefined,
    dataText: recallNoticeText(recalled),
    acceptedAtMs: recalledAtMs,
  };
  // Of all whom the message was for: a request that is under way may still reach one of them.
  await needs.keepNotice(notice, [...new Set(reached.map(({ partnerId }) => partnerId))]);
  const all = told.map((subscription) => newDelivery(notice, { subscription, mode: 'send' }, nowMs));
  const known = await needs.existing(all.map(({ id }) => id));
  const deliveries = all.filter(({ id }) => !known.has(id));
  if (deliveries.length === 0) return;
  await needs.insertDeliveries(deliveries);
  await needs.addJobs(deliveries.filter(isSent).map(toJob));
}

function mayKnow(route: Route, partnerId: PartnerId, nowMs: number): boolean {
  if (route.suspendedPartners.has(partnerId)) return false;
  if (partnerId === route.topic.ownerId) return true;
  const grant = route.grants.get(partnerId);
  return grant !== undefined && grantState(grant, nowMs) === 'active';
}
