import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import type { Histogram } from '@anika/core/stats/histogram';
import type { Document } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { statCollections } from './stat-documents.ts';
import type { Span } from './stat-sources.ts';

export type SubscriptionSums = {
  readonly subscriptionId: SubscriptionId;
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
  readonly times: Histogram;
};

export type CompanySums = {
  readonly partnerId: PartnerId;
  /** Published by it. */
  readonly accepted: number;
  /** To it. */
  readonly delivered: number;
  readonly failed: number;
};

const SUMS = { delivered: { $sum: '$delivered' }, failed: { $sum: '$failed' }, dead: { $sum: '$dead' } };

function minutesOf({ fromMs, toMs }: Span, kind: string): Document {
  return { $match: { at: { $gte: new Date(fromMs), $lt: new Date(toMs) }, kind } };
}

/** Sums over many scopes, for operators. */
export function createStatRanking({ db }: Mongo) {
  const minutes = statCollections(db).of.minute;
  return {
    /** Of every subscription at which something happened. */
    async subscriptions(span: Span): Promise<SubscriptionSums[]> {
      const kind = minutesOf(span, 'subscription');
      const [sums, times] = await Promise.all([
        guarded(() => minutes.aggregate([kind, { $group: { _id: '$subscriptionId', ...SUMS } }]).toArray()),
        guarded(() =>
          minutes
            .aggregate([
              kind,
              { $project: { subscriptionId: 1, times: { $objectToArray: '$times' } } },
              { $unwind: '$times' },
              { $group: { _id: { id: '$subscriptionId', bucket: '$times.k' }, count: { $sum: '$times.v' } } },
            ])
            .toArray(),
        ),
      ]);
      const histograms = new Map<string, Map<number, number>>();
      for (const { _id, count } of times) {
        const histogram = histograms.get(_id.id) ?? new Map<number, number>();
        histograms.set(_id.id, histogram.set(Number(_id.bucket), count));
      }
      return sums.map(({ _id, delivered, failed, dead }) => ({
        subscriptionId: _id,
        delivered,
        failed,
        dead,
        times: histograms.get(_id) ?? new Map(),
      }));
    },

    /** The companies of whom and to whom most was, each as owner and as reader. */
    async companies(span: Span, limit: number): Promise<CompanySums[]> {
      const found = await guarded(() =>
        minutes
          .aggregate([
            minutesOf(span, 'topic'),
            { $group: { _id: '$ownerId', accepted: { $sum: '$accepted' } } },
            {
              $unionWith: {
                coll: 'statMinutes',
                pipeline: [
                  minutesOf(span, 'pair'),
                  {
                    $group: {
                      _id: '$partnerId',
                      delivered: { $sum: '$delivered' },
                      failed: { $sum: '$failed' },
                    },
                  },
                ],
              },
            },
            {
              $group: {
                _id: '$_id',
                accepted: { $sum: '$accepted' },
                delivered: { $sum: '$delivered' },
                failed: { $sum: '$failed' },
              },
            },
            { $match: { _id: { $type: 'string' } } },
            { $set: { all: { $add: ['$accepted', '$delivered', '$failed'] } } },
            { $sort: { all: -1, _id: 1 } },
            { $limit: limit },
          ])
          .toArray(),
      );
      return found.map(({ _id, accepted, delivered, failed }) => ({
        partnerId: _id,
        accepted,
        delivered,
        failed,
      }));
    },
  };
}
