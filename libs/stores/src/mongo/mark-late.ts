import type { NewDelivery } from '@anika/core/delivery/delivery';
import { floorTo } from '@anika/core/stats/figures';
import { COUNTED_LATE_MS } from '@anika/core/stats/roll-up-times';
import { guarded, type Mongo } from './client.ts';
import { statCollections } from './stat-documents.ts';

/**
 * Before deliveries are stored: those of messages of the past belong to minutes that have been counted. Of the others,
 * which are nearly all, nothing is written.
 */
export function createMarkLate({ db }: Mongo) {
  const { late } = statCollections(db);
  return async (batch: readonly NewDelivery[]): Promise<void> => {
    const marks = new Map<string, { minute: Date; subscriptionId: NewDelivery['subscriptionId'] }>();
    for (const { acceptedAtMs, createdAtMs, subscriptionId } of batch) {
      if (createdAtMs - acceptedAtMs < COUNTED_LATE_MS) continue;
      const minute = new Date(floorTo('minute', acceptedAtMs));
      marks.set(`${subscriptionId} ${minute.toISOString()}`, { minute, subscriptionId });
    }
    if (marks.size === 0) return;
    const markedAt = new Date();
    const updates = [...marks].map(([_id, mark]) => ({
      updateOne: { filter: { _id }, update: { $set: { ...mark, markedAt } }, upsert: true },
    }));
    await guarded(() => late.bulkWrite(updates, { ordered: false }));
  };
}
