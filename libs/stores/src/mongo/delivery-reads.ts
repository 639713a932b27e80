import type { Delivery } from '@anika/core/delivery/delivery';
import {
  type DeliveryId,
  deliveryIdRange,
  type MessageId,
  type PartnerId,
  type SubscriptionId,
} from '@anika/core/ids';
import type { Document, Filter } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { type DeliveryDocument, listed, toDelivery } from './delivery-document.ts';
import type { TimeCursor } from './message-search.ts';
import { afterCursor } from './search-query.ts';

export type DeliveryList = {
  readonly messageId: MessageId;
  /** Undefined: to all readers. */
  readonly partnerId?: PartnerId | undefined;
  readonly after?: TimeCursor | undefined;
  readonly limit: number;
};

/** Deliveries by their ids, and those of a message. */
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

    /** Of a message, newest first; each with its last attempt, without what the endpoint said. */
    async list({ messageId, partnerId, after, limit }: DeliveryList): Promise<Delivery[]> {
      const { from, to } = deliveryIdRange(messageId);
      const and: Document[] = [
        { _id: { $gte: from, $lt: to } },
        ...(partnerId === undefined ? [] : [{ partnerId }]),
        ...(after === undefined ? [] : [afterCursor(after)]),
      ];
      const found = await guarded(() =>
        mongo.deliveries
          .find<DeliveryDocument>({ $and: and } as Filter<DeliveryDocument>, { projection: listed('last') })
          .sort({ acceptedAt: -1, _id: -1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(toDelivery);
    },
  };
}
