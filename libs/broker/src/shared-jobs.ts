import { orderedAtMs } from '@anika/core/accepted-order';
import { type DeliveryId, type SubscriptionId, sharedJobId } from '@anika/core/ids';
import type { NewDelivery } from './fan-out.ts';

/** A job of many deliveries, made by the fan-out of their messages. */
export type NewSharedJob = {
  readonly jobId: string;
  readonly data: {
    readonly deliveries: readonly (readonly [DeliveryId, SubscriptionId, dueMs: number])[];
  };
};

/** So few deliveries have a job each: sharing would save next to nothing. */
const FEW = 4;
/** What shares a job goes to one dispatcher, and is looked at again together after a crash. */
const SHARERS_MAX = 25;

/**
 * Which of these deliveries share a job for their first attempt. Most end with it; what is left of the others, a retry
 * or a wait for their endpoint, is each one's own.
 */
export function shareJobs(deliveries: readonly NewDelivery[]): readonly NewDelivery[] {
  if (deliveries.length <= FEW) return deliveries;
  let jobId: string | undefined;
  return deliveries.map((delivery, index) => {
    if (index % SHARERS_MAX === 0) jobId = sharedJobId(delivery.id);
    return { ...delivery, sharedJobId: jobId };
  });
}

/** The jobs of deliveries that share one. */
export function sharedJobsOf(deliveries: readonly NewDelivery[]): NewSharedJob[] {
  const jobs = new Map<string, [DeliveryId, SubscriptionId, number][]>();
  for (const { sharedJobId: jobId, id, subscriptionId, acceptedAtMs, order } of deliveries) {
    if (jobId === undefined) continue;
    const sharers = jobs.get(jobId) ?? [];
    sharers.push([id, subscriptionId, orderedAtMs(acceptedAtMs, order)]);
    jobs.set(jobId, sharers);
  }
  return [...jobs].map(([jobId, sharers]) => ({ jobId, data: { deliveries: sharers } }));
}
