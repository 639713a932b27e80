import type { Delivery } from '@anika/core/delivery/delivery';
import type { DeliveryId, MessageId, PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { DeliveryList } from '@anika/stores/mongo/delivery-reads';
import type { EndpointNames } from '@anika/stores/postgres/endpoint-names';
import { existing } from '../http/path-id.ts';

/** A job in Bull Board. */
export type FoundJob = { readonly queue: string; readonly id: string; readonly state: string };

/** Of a message, what is none of its content. */
export type MessageFacts = Pick<Message, 'id' | 'topicId' | 'ownerId' | 'type' | 'acceptedAtMs'>;

export type LookUpNeeds = {
  readonly findDelivery: (id: DeliveryId) => Promise<Delivery | undefined>;
  readonly findMessage: (id: MessageId) => Promise<MessageFacts | 'recalled' | undefined>;
  /** Of a message that was taken back, what is still known. */
  readonly findRecalled: (id: MessageId) => Promise<MessageFacts | undefined>;
  readonly listDeliveries: (list: DeliveryList) => Promise<readonly Delivery[]>;
  readonly names: (ids: readonly SubscriptionId[]) => Promise<ReadonlyMap<SubscriptionId, EndpointNames>>;
  readonly topicNames: (
    id: TopicId,
  ) => Promise<
    { readonly name: string; readonly ownerId: PartnerId; readonly ownerName: string } | undefined
  >;
  readonly findJob: (id: DeliveryId, generation: number) => Promise<FoundJob | undefined>;
};

const DELIVERIES_SHOWN = 200;

/** What an operator may know of a delivery or a message: names, states and times, and where its job is. */
export function createLookUp(needs: LookUpNeeds) {
  return {
    async delivery(id: DeliveryId) {
      const delivery = existing(await needs.findDelivery(id), 'dlv');
      const [names, job] = await Promise.all([
        needs.names([delivery.subscriptionId]),
        // Without Redis the rest is still worth knowing.
        needs.findJob(id, delivery.generation).catch(() => undefined),
      ]);
      return { delivery, names: names.get(delivery.subscriptionId), job };
    },

    async message(id: MessageId) {
      const found = await needs.findMessage(id);
      const message = existing(found === 'recalled' ? await needs.findRecalled(id) : found, 'msg');
      const [topic, deliveries] = await Promise.all([
        needs.topicNames(message.topicId),
        needs.listDeliveries({ messageId: id, limit: DELIVERIES_SHOWN }),
      ]);
      return { message, topic, deliveries };
    },
  };
}

export type LookUp = ReturnType<typeof createLookUp>;
