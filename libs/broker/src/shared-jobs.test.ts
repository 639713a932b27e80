import type { DeliveryId, SubscriptionId } from '@anika/core/ids';
import { describe, expect, it } from 'vitest';
import type { NewDelivery } from './fan-out.ts';
import { sharedJobsOf, shareJobs } from './shared-jobs.ts';

function deliveries(count: number): NewDelivery[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `dlv_${n}` as DeliveryId,
    subscriptionId: `sub_${n}` as SubscriptionId,
    acceptedAtMs: n,
  })) as NewDelivery[];
}

describe('shareJobs()', () => {
  it.each([0, 1, 4])('leaves %i deliveries a job of their own', (count) => {
    const few = deliveries(count);
    expect(shareJobs(few)).toEqual(few);
    expect(sharedJobsOf(shareJobs(few))).toEqual([]);
  });

  it('has up to 25 share one, named after the first of them', () => {
    const jobs = sharedJobsOf(shareJobs(deliveries(60)));
    expect(jobs.map(({ jobId, data }) => [jobId, data.deliveries.length])).toEqual([
      ['dlv_0_shared', 25],
      ['dlv_25_shared', 25],
      ['dlv_50_shared', 10],
    ]);
  });

  it('puts each delivery into one job, with its subscription and when it became due', () => {
    const all = deliveries(30);
    const sharers = sharedJobsOf(shareJobs(all)).flatMap(({ data }) => data.deliveries);
    expect(sharers).toEqual(
      all.map(({ id, subscriptionId, acceptedAtMs }) => [id, subscriptionId, acceptedAtMs]),
    );
  });
});
