import type { Delivery, DeliveryState } from '@anika/core/delivery/delivery';
import type { SubscriptionId } from '@anika/core/ids';
import type { Document, Filter } from 'mongodb';
import { guarded, type Mongo, UNDELIVERED } from './client.ts';
import { COUNT_MS, countingWithin } from './count-within.ts';
import { type DeliveryDocument, listed, toDelivery } from './delivery-document.ts';
import type { TimeCursor } from './message-search.ts';
import { afterCursor, timeCondition } from './search-query.ts';

export type DeliveriesOf = {
  readonly subscriptionIds: readonly SubscriptionId[];
  /** Without what the endpoint said. */
  readonly attempts: 'all' | 'last';
  readonly state?: DeliveryState | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly after?: TimeCursor | undefined;
  readonly limit: number;
};

/** The server merges the deliveries of up to 200 in the order of its index; of more it would sort all. */
const MERGED_AT_ONCE = 100;

/**
 * Deliveries of many subscriptions, newest first. Each is read by the index of its subscription: one for topics or
 * companies would cost every delivery.
 */
export async function deliveriesOf(mongo: Mongo, list: DeliveriesOf): Promise<Delivery[]> {
  let newest: DeliveryDocument[] = [];
  for (let at = 0; at < list.subscriptionIds.length; at += MERGED_AT_ONCE) {
    const subscriptionIds = list.subscriptionIds.slice(at, at + MERGED_AT_ONCE);
    // With a full page, what is older than its end is not wanted.
    const oldestMs = newest[list.limit - 1]?.acceptedAt.getTime();
    const fromMs = Math.max(list.fromMs ?? 0, oldestMs ?? 0);
    const found = await guarded(() =>
      countingWithin(() => findPage(mongo, { ...list, subscriptionIds, fromMs }).toArray()),
    );
    newest = [...newest, ...found].sort(newestFirst).slice(0, list.limit);
  }
  return newest.map(toDelivery);
}

/** A page of up to 100 subscriptions. */
export function findPage(mongo: Mongo, list: DeliveriesOf & { readonly fromMs: number }) {
  const { subscriptionIds, state, fromMs, toMs, after, limit } = list;
  const and: Document[] = [
    { subscriptionId: { $in: [...subscriptionIds] } },
    ...(state === undefined ? [] : [{ state }]),
    { acceptedAt: timeCondition(fromMs, toMs) },
    // Said again, so that the server reads its index from there.
    ...(after === undefined
      ? []
      : [{ acceptedAt: { $lte: new Date(after.acceptedAtMs) } }, afterCursor(after)]),
  ];
  return mongo.deliveries
    .find<DeliveryDocument>({ $and: and } as Filter<DeliveryDocument>, {
      projection: listed(list.attempts),
      maxTimeMS: COUNT_MS,
      hint: state === undefined || state === 'delivered' ? 'subscription_time' : UNDELIVERED,
    })
    .sort({ acceptedAt: -1, _id: -1 })
    .limit(limit);
}

function newestFirst(a: DeliveryDocument, b: DeliveryDocument): number {
  const later = b.acceptedAt.getTime() - a.acceptedAt.getTime();
  if (later !== 0) return later;
  return a._id < b._id ? 1 : -1;
}
