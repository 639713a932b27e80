import { type DeliveryState, isUnfinished } from '@anika/core/delivery/delivery';
import { Failure } from '@anika/core/failures';
import type { SubscriptionId } from '@anika/core/ids';
import { type Document, MongoError } from 'mongodb';
import type { Mongo } from './client.ts';

export type DeliverySummary = {
  /** Distinct messages among the deliveries. */
  readonly messages: number;
  readonly counts: Readonly<Partial<Record<DeliveryState, number>>>;
  /** Exact up to a second, above it to three digits. */
  readonly medianMs: number | undefined;
  readonly p95Ms: number | undefined;
  readonly oldestOpenMs: number | undefined;
};

/** Deliveries of these subscriptions whose messages were accepted from a time on and before another. */
export type SummaryOf = {
  readonly subscriptionIds: readonly SubscriptionId[];
  readonly fromMs: number;
  readonly toMs: number;
};

/** What a count may take in the store. */
export const COUNT_MS = 8000;
const TOO_LONG = 50;
/** The index that all of it is read by. */
const INDEX = 'subscription_time';

type Group = { _id: { state: DeliveryState; ms: number | null }; n: number; oldest: Date };

/** Counts and times of deliveries, in the database: it reads these and no others. */
export async function summarise(mongo: Mongo, of: SummaryOf): Promise<DeliverySummary> {
  if (of.subscriptionIds.length === 0) return summaryOf([], 0);
  const match = {
    subscriptionId: { $in: [...of.subscriptionIds] },
    acceptedAt: { $gte: new Date(of.fromMs), $lt: new Date(of.toMs) },
  };
  const groups = await countingWithin(() => run<Group>(mongo, match, GROUPS));
  const all = groups.reduce((sum, { n }) => sum + n, 0);
  // Of one subscription each delivery is another message.
  if (of.subscriptionIds.length === 1) return summaryOf(groups, all);
  const [messages] = await countingWithin(() => run<{ n: number }>(mongo, match, MESSAGES));
  return summaryOf(groups, messages?.n ?? 0);
}

/** Too much to be counted is said, with what to do about it. */
export async function countingWithin<R>(count: () => Promise<R>): Promise<R> {
  try {
    return await count();
  } catch (error) {
    if (!(error instanceof MongoError) || error.code !== TOO_LONG) throw error;
    const detail = 'There is more in this time than can be counted at once: ask for a shorter time';
    throw new Failure('too-many-deliveries', detail, { cause: error });
  }
}

function run<T extends Document>(mongo: Mongo, match: Document, stages: readonly Document[]): Promise<T[]> {
  const options = { maxTimeMS: COUNT_MS, hint: INDEX, allowDiskUse: true };
  return mongo.deliveries.aggregate<T>([{ $match: match }, ...stages], options).toArray();
}

const MESSAGES: readonly Document[] = [{ $group: { _id: '$messageId' } }, { $count: 'n' }];

const SINCE_ACCEPTED = { $max: [0, { $subtract: ['$finishedAt', '$acceptedAt'] }] };

/** Times above a second to three digits: some thousand groups at most, whatever is counted. */
const ROUNDED = {
  $let: {
    vars: { step: { $pow: [10, { $subtract: [{ $floor: { $log10: '$ms' } }, 2] }] } },
    in: { $multiply: ['$$step', { $floor: { $divide: ['$ms', '$$step'] } }] },
  },
};

const GROUPS: readonly Document[] = [
  {
    $project: {
      state: 1,
      acceptedAt: 1,
      ms: { $cond: [{ $eq: ['$state', 'delivered'] }, SINCE_ACCEPTED, null] },
    },
  },
  {
    $group: {
      _id: { state: '$state', ms: { $cond: [{ $gt: ['$ms', 1000] }, ROUNDED, '$ms'] } },
      n: { $sum: 1 },
      oldest: { $min: '$acceptedAt' },
    },
  },
];

function summaryOf(groups: readonly Group[], messages: number): DeliverySummary {
  const counts: Partial<Record<DeliveryState, number>> = {};
  for (const { _id, n } of groups) counts[_id.state] = (counts[_id.state] ?? 0) + n;
  const open = groups.filter(({ _id }) => isUnfinished(_id.state)).map(({ oldest }) => oldest.getTime());
  const times = groups
    .flatMap(({ _id, n }) => (_id.ms === null ? [] : [{ ms: _id.ms, n }]))
    .sort((a, b) => a.ms - b.ms);
  return {
    messages,
    counts,
    medianMs: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    oldestOpenMs: open.length === 0 ? undefined : Math.min(...open),
  };
}

/** The smallest time within which at least this part was delivered. */
function quantile(times: readonly { ms: number; n: number }[], part: number): number | undefined {
  const wanted = times.reduce((sum, { n }) => sum + n, 0) * part;
  let passed = 0;
  return times.find(({ n }) => {
    passed += n;
    return passed >= wanted;
  })?.ms;
}
