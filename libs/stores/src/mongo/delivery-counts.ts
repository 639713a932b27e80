import type { SubscriptionId } from '@anika/core/ids';
import { COUNTED_MAX, type Counted, type DeliveryCounts } from '@anika/core/subscription/health';
import { Unavailable } from '@anika/runtime/unavailable';
import type { Document } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { isTooLong } from './count-within.ts';

/** Where the newest that was delivered is looked for: among so many, and so many before what waits longest. */
const LOOKED_AT_MAX = 1000;
const COUNT_MS = 2000;
const NEWEST_FIRST = { acceptedAt: -1, _id: -1 } as const;
const OLDEST_FIRST = { acceptedAt: 1, _id: 1 } as const;

type Row = { readonly of: string; readonly n?: number; readonly at?: Date };

/**
 * What waits, was given up and was delivered last, of one subscription: read from indexes and bounded, whatever there
 * is. One round trip, and a second where nothing of the newest was delivered.
 */
export async function deliveryCounts(mongo: Mongo, subscriptionId: SubscriptionId): Promise<DeliveryCounts> {
  const rows = await run(mongo, [
    counted('pending', subscriptionId),
    counted('retrying', subscriptionId),
    counted('held', subscriptionId),
    counted('dead', subscriptionId),
    oldest('pending', subscriptionId),
    oldest('retrying', subscriptionId),
    oldest('held', subscriptionId),
    lastDelivered({ subscriptionId }),
  ]);
  const count = (state: string) => rows.find(({ of }) => of === `count ${state}`)?.n ?? 0;
  const oldestAt = (state: string) => rows.find(({ of }) => of === `oldest ${state}`)?.at;
  const waiting = ['pending', 'retrying', 'held'].flatMap((state) => oldestAt(state) ?? []);
  const newest = rows.find(({ of }) => of === 'delivered')?.at;
  return {
    open: upTo(count('pending') + count('retrying')),
    held: upTo(count('held')),
    dead: upTo(count('dead')),
    oldestPendingMs: oldestAt('pending')?.getTime(),
    lastDeliveredMs: (newest ?? (await deliveredBefore(mongo, subscriptionId, waiting)))?.getTime(),
  };
}

/** What waits may be all that is new. */
async function deliveredBefore(
  mongo: Mongo,
  subscriptionId: SubscriptionId,
  waiting: readonly Date[],
): Promise<Date | undefined> {
  if (waiting.length === 0) return undefined;
  const $lt = new Date(Math.min(...waiting.map((at) => at.getTime())));
  const [row] = await run(mongo, [lastDelivered({ subscriptionId, acceptedAt: { $lt } })]);
  return row?.at;
}

function upTo(n: number): Counted {
  return { count: Math.min(n, COUNTED_MAX), isMore: n > COUNTED_MAX };
}

/** Several in one round trip. */
async function run(
  { deliveries }: Mongo,
  [first = [], ...others]: readonly (readonly Document[])[],
): Promise<Row[]> {
  const coll = deliveries.collectionName;
  const joined = others.map((pipeline) => ({ $unionWith: { coll, pipeline } }));
  try {
    return await guarded(() =>
      deliveries.aggregate<Row>([...first, ...joined], { maxTimeMS: COUNT_MS }).toArray(),
    );
  } catch (error) {
    if (isTooLong(error)) throw new Unavailable('MongoDB', { cause: error });
    throw error;
  }
}

/** Exported, as those below, for the test that looks at their plans. */
export function counted(state: string, subscriptionId: SubscriptionId): Document[] {
  return [
    { $match: { subscriptionId, state } },
    { $limit: COUNTED_MAX + 1 },
    { $count: 'n' },
    { $set: { of: `count ${state}` } },
  ];
}

export function oldest(state: string, subscriptionId: SubscriptionId): Document[] {
  return [
    { $match: { subscriptionId, state } },
    { $sort: OLDEST_FIRST },
    { $limit: 1 },
    { $project: { _id: 0, of: `oldest ${state}`, at: '$acceptedAt' } },
  ];
}

export function lastDelivered(match: Document): Document[] {
  return [
    { $match: match },
    { $sort: NEWEST_FIRST },
    { $limit: LOOKED_AT_MAX },
    { $match: { state: 'delivered' } },
    { $limit: 1 },
    { $project: { _id: 0, of: 'delivered', at: '$finishedAt' } },
  ];
}
