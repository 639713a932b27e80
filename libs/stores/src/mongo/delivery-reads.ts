import type { Delivery, DeliveryState } from '@anika/core/delivery/delivery';
import {
  type DeliveryId,
  deliveryIdRange,
  type MessageId,
  type PartnerId,
  type SubscriptionId,
  type TopicId,
} from '@anika/core/ids';
import type { Document, Filter } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { type DeliveryDocument, listed, toDelivery } from './delivery-document.ts';
import type { TimeCursor } from './message-search.ts';
import { afterCursor, timeCondition } from './messages.ts';
import { newestFirst } from './newest-first.ts';

export type DeliveryList = {
  readonly partnerId?: PartnerId | undefined;
  readonly messageId?: MessageId | undefined;
  readonly subscriptionId?: SubscriptionId | undefined;
  readonly topicId?: TopicId | undefined;
  readonly state?: DeliveryState | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly after?: TimeCursor | undefined;
  readonly limit: number;
};

/** Deliveries by their ids, and lists of them, newest first. */
export function createDeliveryReads(mongo: Mongo) {
  return {
    async findMany(ids: readonly DeliveryId[]): Promise<Map<DeliveryId, Delivery>> {
      const found = await guarded(() =>
        mongo.deliveries
          .find({ _id: { $in: [...ids] } }, { projection: { attempts: 0 }, batchSize: ids.length + 1 })
          .toArray(),
      );
      return new Map(found.map((document) => [document._id, toDelivery(document)]));
    },

    async find(id: DeliveryId): Promise<Delivery | undefined> {
      const found = await guarded(() => mongo.deliveries.findOne({ _id: id }));
      return found === null ? undefined : toDelivery(found);
    },

    /** Which of these are stored. */
    async existing(ids: readonly DeliveryId[]): Promise<Set<DeliveryId>> {
      const found = await guarded(() =>
        mongo.deliveries
          .find({ _id: { $in: [...ids] } }, { projection: { _id: 1 }, batchSize: ids.length + 1 })
          .toArray(),
      );
      return new Set(found.map((document) => document._id));
    },

    /** How many of a subscription have died since a time, counted up to `max`, and one of them. */
    async deadSince(
      subscriptionId: SubscriptionId,
      sinceMs: number,
      max: number,
    ): Promise<{ count: number; example: DeliveryId } | undefined> {
      const query = { subscriptionId, state: 'dead', finishedAt: { $gte: new Date(sinceMs) } } as const;
      const [count, example] = await guarded(() =>
        Promise.all([
          mongo.deliveries.countDocuments(query, { limit: max }),
          mongo.deliveries.findOne(query, { projection: { _id: 1 } }),
        ]),
      );
      return example === null ? undefined : { count, example: example._id };
    },

    /** Each with its last attempt, without what the endpoint said. */
    async list(list: DeliveryList): Promise<Delivery[]> {
      const { limit, fromMs, toMs, after } = list;
      const page = (from: number | undefined) =>
        guarded(() =>
          mongo.deliveries
            .find<DeliveryDocument>(listQuery({ ...list, fromMs: from }), { projection: listed('last') })
            .sort({ acceptedAt: -1, _id: -1 })
            .limit(limit)
            .toArray(),
        );
      // Those of one message are few, and found by their ids.
      const isOfMessage = list.messageId !== undefined;
      const found = await (isOfMessage ? page(fromMs) : newestFirst({ limit, fromMs, toMs, after }, page));
      return found.map(toDelivery);
    },
  };
}

function listQuery(list: DeliveryList): Filter<DeliveryDocument> {
  const time = timeCondition(list.fromMs, list.toMs);
  const range = list.messageId === undefined ? undefined : deliveryIdRange(list.messageId);
  const and: Document[] = [
    ...(range === undefined ? [] : [{ _id: { $gte: range.from, $lt: range.to } }]),
    ...(list.partnerId === undefined ? [] : [{ partnerId: list.partnerId }]),
    ...(list.subscriptionId === undefined ? [] : [{ subscriptionId: list.subscriptionId }]),
    ...(list.topicId === undefined ? [] : [{ topicId: list.topicId }]),
    ...(list.state === undefined ? [] : [{ state: list.state }]),
    ...(time === undefined ? [] : [{ acceptedAt: time }]),
    ...(list.after === undefined ? [] : [afterCursor(list.after)]),
  ];
  return (and.length === 0 ? {} : { $and: and }) as Filter<DeliveryDocument>;
}
