import type { DeliveryState } from '@anika/core/delivery';
import type { Document } from 'mongodb';
import type { Mongo } from './client.ts';

export type DeliverySummary = {
  /** Distinct messages among the deliveries. */
  readonly messages: number;
  readonly counts: Readonly<Partial<Record<DeliveryState, number>>>;
  readonly medianMs: number | undefined;
  readonly p95Ms: number | undefined;
  readonly oldestOpenMs: number | undefined;
};

/** Counts and times of the deliveries that match, in the database: none of them is read. */
export async function summarise(mongo: Mongo, match: Document): Promise<DeliverySummary> {
  const { deliveries } = mongo;
  const [messages] = await deliveries
    .aggregate<{ n: number }>([{ $match: match }, { $group: { _id: '$messageId' } }, { $count: 'n' }])
    .toArray();
  const counted = await deliveries
    .aggregate<{ _id: DeliveryState; n: number }>([
      { $match: match },
      { $group: { _id: '$state', n: { $sum: 1 } } },
    ])
    .toArray();
  const [times] = await deliveries
    .aggregate<{ p: (number | null)[] }>([
      { $match: { ...match, state: 'delivered' } },
      {
        $group: {
          _id: null,
          p: {
            $percentile: {
              input: { $subtract: ['$finishedAt', '$acceptedAt'] },
              p: [0.5, 0.95],
              method: 'approximate',
            },
          },
        },
      },
    ])
    .toArray();
  const oldest = await deliveries.findOne(
    { ...match, state: { $in: ['pending', 'retrying', 'held'] } },
    { sort: { acceptedAt: 1 }, projection: { acceptedAt: 1 } },
  );
  return {
    messages: messages?.n ?? 0,
    counts: Object.fromEntries(counted.map((row) => [row._id, row.n])),
    medianMs: times?.p[0] ?? undefined,
    p95Ms: times?.p[1] ?? undefined,
    oldestOpenMs: oldest?.acceptedAt.getTime(),
  };
}
