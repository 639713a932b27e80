import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { BUCKET_BASE } from '@anika/core/stats/histogram';
import type { Document } from 'mongodb';
import type { Mongo } from './client.ts';

export type Span = { readonly fromMs: number; readonly toMs: number };

/** What ended in a minute at one subscription. */
export type Ended = {
  readonly subscriptionId: SubscriptionId;
  readonly topicId: TopicId;
  readonly ownerId: PartnerId;
  readonly partnerId: PartnerId;
  readonly atMs: number;
  readonly count: number;
} & ({ readonly what: 'delivered'; readonly bucket: number } | { readonly what: 'dead' | 'failed' });

export type AcceptedOf<Id> = { readonly id: Id; readonly atMs: number; readonly count: number };

/** Ids in one condition: each is looked up by itself in the index. */
const IDS_AT_ONCE = 2000;
const READ_AT_ONCE = 5000;
/** Parts of milliseconds are rounded one way here and another there. */
const ROUNDED_MS = 1000;

const minuteOf = (date: unknown) => ({ $toLong: { $dateTrunc: { date, unit: 'minute' } } });
const range = ({ fromMs, toMs }: Span) => ({ $gte: new Date(fromMs), $lt: new Date(toMs) });

/** The same bucket as `bucketOf` in core. */
const BUCKET = {
  $max: [
    0,
    {
      $ceil: {
        $subtract: [
          {
            $divide: [
              { $ln: { $max: [1, { $subtract: ['$finishedAt', '$acceptedAt'] }] } },
              Math.log(BUCKET_BASE),
            ],
          },
          1e-9,
        ],
      },
    },
  ],
};

const OF = {
  topicId: { $first: '$topicId' },
  ownerId: { $first: '$ownerId' },
  partnerId: { $first: '$partnerId' },
};

/** Every answer but a 2xx, and every error: the same as the dispatchers decide by. */
const FAILED = {
  $or: [
    { 'attempts.errorClass': { $type: 'string' } },
    { 'attempts.status': { $type: 'number', $not: { $gte: 200, $lt: 300 } } },
  ],
};

/** What is counted, from messages and deliveries themselves; each by an index that leads to its time. */
export function createStatSources({ messages, deliveries }: Mongo) {
  async function* inChunks<Id extends string>(
    ids: readonly Id[],
    run: (chunk: readonly Id[]) => AsyncIterable<Document>,
  ): AsyncGenerator<Document> {
    for (let at = 0; at < ids.length; at += IDS_AT_ONCE) yield* run(ids.slice(at, at + IDS_AT_ONCE));
  }

  return {
    /** Of scheduled ones those whose time has come; the few that never came are taken off again. */
    async acceptedOfTopics(ids: readonly TopicId[], span: Span): Promise<AcceptedOf<TopicId>[]> {
      const found = new Map<string, AcceptedOf<TopicId>>();
      const group = { _id: { id: '$topicId', at: minuteOf('$acceptedAt') }, count: { $sum: 1 } };
      const run = (chunk: readonly TopicId[]) =>
        messages.aggregate(
          [{ $match: { topicId: { $in: [...chunk] }, acceptedAt: range(span) } }, { $group: group }],
          { hint: 'topic_time', batchSize: READ_AT_ONCE },
        );
      for await (const { _id, count } of inChunks(ids, run)) {
        found.set(`${_id.id} ${_id.at}`, { id: _id.id, atMs: Number(_id.at), count });
      }
      const unsent = messages.aggregate(
        [{ $match: { unsent: true, acceptedAt: range(span) } }, { $group: group }],
        { hint: 'unsent' },
      );
      for await (const { _id, count } of unsent) {
        const key = `${_id.id} ${_id.at}`;
        const all = found.get(key);
        if (all !== undefined) found.set(key, { ...all, count: Math.max(0, all.count - count) });
      }
      return [...found.values()].filter(({ count }) => count > 0);
    },

    async acceptedOfSubscriptions(
      ids: readonly SubscriptionId[],
      span: Span,
    ): Promise<AcceptedOf<SubscriptionId>[]> {
      const found: AcceptedOf<SubscriptionId>[] = [];
      const run = (chunk: readonly SubscriptionId[]) =>
        deliveries.aggregate(
          [
            { $match: { subscriptionId: { $in: [...chunk] }, acceptedAt: range(span) } },
            { $group: { _id: { id: '$subscriptionId', at: minuteOf('$acceptedAt') }, count: { $sum: 1 } } },
          ],
          { hint: 'subscription_time', batchSize: READ_AT_ONCE },
        );
      for await (const { _id, count } of inChunks(ids, run)) {
        found.push({ id: _id.id, atMs: Number(_id.at), count });
      }
      return found;
    },

    /** Messages, each once, however many of these subscriptions have it. */
    async acceptedOfReader(
      ids: readonly SubscriptionId[],
      span: Span,
    ): Promise<Omit<AcceptedOf<never>, 'id'>[]> {
      const found = await deliveries
        .aggregate(
          [
            { $match: { subscriptionId: { $in: [...ids] }, acceptedAt: range(span) } },
            // The message's own part of a delivery's id: the index has all of it.
            { $group: { _id: { $substrBytes: ['$_id', 4, 26] }, at: { $first: minuteOf('$acceptedAt') } } },
            { $group: { _id: '$at', count: { $sum: 1 } } },
          ],
          { hint: 'subscription_time', allowDiskUse: true },
        )
        .toArray();
      return found.map(({ _id, count }) => ({ atMs: Number(_id), count }));
    },

    /** Deliveries that ended, and attempts that failed. */
    async *ended(span: Span): AsyncGenerator<Ended> {
      const finished = deliveries.aggregate(
        [
          { $match: { finishedAt: range(span), state: { $in: ['delivered', 'dead'] } } },
          {
            $group: {
              _id: {
                subscriptionId: '$subscriptionId',
                at: minuteOf('$finishedAt'),
                what: '$state',
                bucket: { $cond: [{ $eq: ['$state', 'delivered'] }, BUCKET, null] },
              },
              count: { $sum: 1 },
              ...OF,
            },
          },
        ],
        { hint: 'finished', allowDiskUse: true, batchSize: READ_AT_ONCE },
      );
      for await (const document of finished) yield toEnded(document);
      const failed = deliveries.aggregate(
        [
          { $match: { failedAt: { $gte: new Date(span.fromMs - ROUNDED_MS) } } },
          { $unwind: '$attempts' },
          { $match: FAILED },
          { $set: { ended: { $add: ['$attempts.at', '$attempts.durationMs'] } } },
          { $match: { ended: range(span) } },
          {
            $group: {
              _id: {
                subscriptionId: '$subscriptionId',
                at: minuteOf('$ended'),
                what: 'failed',
                bucket: null,
              },
              count: { $sum: 1 },
              ...OF,
            },
          },
        ],
        { hint: 'failed', allowDiskUse: true, batchSize: READ_AT_ONCE },
      );
      for await (const document of failed) yield toEnded(document);
    },
  };
}

function toEnded({ _id, count, topicId, ownerId, partnerId }: Document): Ended {
  const { subscriptionId, at, what, bucket } = _id;
  return { subscriptionId, topicId, ownerId, partnerId, atMs: Number(at), count, what, bucket };
}
