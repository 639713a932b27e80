import { type DeliveryState, isUnfinished } from '@anika/core/delivery/delivery';
import type { SubscriptionId, TopicId } from '@anika/core/ids';
import type { Figures } from '@anika/core/receipt/receipt';
import { type ClientSession, type Document, MongoError } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { COUNT_MS, countingWithin } from './count-within.ts';

/** Deliveries of these subscriptions whose messages were accepted from a time on and before another. */
export type FiguresOf = {
  readonly subscriptionIds: readonly SubscriptionId[];
  /** Whose messages without a delivery are counted as well; undefined: none are. */
  readonly topicId: TopicId | undefined;
  readonly fromMs: number;
  readonly toMs: number;
};

/** The index that all of it is read by. */
const INDEX = 'subscription_time';

type Group = { _id: { state: DeliveryState; ms: number | null; first: boolean }; n: number; oldest: Date };

/** Counts and times of deliveries, in the database and as they were at one moment: it reads these and no others. */
export function receiptFigures(mongo: Mongo, of: FiguresOf): Promise<Figures> {
  return guarded(() => atOneMoment(mongo, (session) => countingWithin(() => figuresOf(mongo, of, session))));
}

async function figuresOf(mongo: Mongo, of: FiguresOf, session: ClientSession): Promise<Figures> {
  const acceptedAt = { $gte: new Date(of.fromMs), $lt: new Date(of.toMs) };
  const match = { subscriptionId: { $in: [...of.subscriptionIds] }, acceptedAt };
  const run = <T extends Document>(stages: readonly Document[]): Promise<T[]> => {
    if (of.subscriptionIds.length === 0) return Promise.resolve([]);
    const options = { maxTimeMS: COUNT_MS, hint: INDEX, allowDiskUse: true, session };
    return mongo.deliveries.aggregate<T>([{ $match: match }, ...stages], options).toArray();
  };
  const groups = await run<Group>(GROUPS);
  const all = groups.reduce((sum, { n }) => sum + n, 0);
  // Of one subscription each delivery is another message.
  const isOne = of.subscriptionIds.length === 1;
  const messages = isOne ? all : ((await run<{ n: number }>(MESSAGES))[0]?.n ?? 0);
  const options = { maxTimeMS: COUNT_MS, session };
  const accepted =
    of.topicId === undefined ? 0 : await countAccepted(mongo, { topicId: of.topicId, acceptedAt }, options);
  return { ...figuresIn(groups), messages, withoutDelivery: Math.max(0, accepted - messages) };
}

/** What is scheduled is counted apart, by an index of its own: it is not accepted yet. */
async function countAccepted(
  { messages }: Mongo,
  query: { topicId: TopicId; acceptedAt: { $gte: Date; $lt: Date } },
  options: { maxTimeMS: number; session: ClientSession },
): Promise<number> {
  const all = await messages.countDocuments(query, options);
  return all - (await messages.countDocuments({ ...query, unsent: true }, options));
}

/** The server's catalogue has just changed, as by a new index: it says to ask again. */
const SNAPSHOT_UNAVAILABLE = 246;
const TRIES = 3;

/** Reads of one session see one moment: a delivery that changes in between is not counted twice, nor a message missed. */
async function atOneMoment<R>({ db }: Mongo, read: (session: ClientSession) => Promise<R>): Promise<R> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await db.client.withSession({ snapshot: true }, read);
    } catch (error) {
      const isPassing = error instanceof MongoError && error.code === SNAPSHOT_UNAVAILABLE;
      if (!isPassing || tried === TRIES) throw error;
    }
  }
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

const IS_DELIVERED = { $eq: ['$state', 'delivered'] };

const GROUPS: readonly Document[] = [
  {
    $project: {
      state: 1,
      acceptedAt: 1,
      ms: { $cond: [IS_DELIVERED, SINCE_ACCEPTED, null] },
      first: { $and: [IS_DELIVERED, { $eq: ['$generation', 1] }, { $eq: ['$attemptCount', 1] }] },
    },
  },
  {
    $group: {
      _id: { state: '$state', ms: { $cond: [{ $gt: ['$ms', 1000] }, ROUNDED, '$ms'] }, first: '$first' },
      n: { $sum: 1 },
      oldest: { $min: '$acceptedAt' },
    },
  },
];

function figuresIn(groups: readonly Group[]): Omit<Figures, 'messages' | 'withoutDelivery'> {
  const counts: Partial<Record<DeliveryState, number>> = {};
  for (const { _id, n } of groups) counts[_id.state] = (counts[_id.state] ?? 0) + n;
  const open = groups.filter(({ _id }) => isUnfinished(_id.state)).map(({ oldest }) => oldest.getTime());
  const times = groups
    .flatMap(({ _id, n }) => (_id.ms === null ? [] : [{ ms: Math.round(_id.ms), n }]))
    .sort((a, b) => a.ms - b.ms);
  return {
    counts,
    firstAttempt: groups.reduce((sum, { _id, n }) => (_id.first ? sum + n : sum), 0),
    medianMs: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    p99Ms: quantile(times, 0.99),
    oldestUndeliveredMs: open.length === 0 ? undefined : Math.min(...open),
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
