import type { Grant, PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery';
import { notFound } from '@anika/core/failures';
import type { DeliveryId, MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Topic } from '@anika/core/topic';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { DeliveryList } from '@anika/stores/mongo/delivery-reads';
import type { DeliverySummary } from '@anika/stores/mongo/delivery-summary';
import { existing } from '../http/path-id.ts';
import type { ReadMessage } from '../messages/readable-messages.ts';
import { createMayStart, type MayStartNeeds } from './may-start.ts';
import { createOwnDelivery } from './own-delivery.ts';
import { createRedriveSubscription, type RedriveNeeds } from './redrive-subscription.ts';
import { createStartOneAgain, type StartOneAgainNeeds } from './start-one-again.ts';

export type DeliveryNeeds = MayStartNeeds &
  Omit<StartOneAgainNeeds, 'own' | 'mayStart' | 'restart'> &
  Omit<RedriveNeeds, 'mayStart' | 'redrive'> & {
    readonly store: Pick<DeliveryStore, 'list' | 'find' | 'retry' | 'redrive' | 'summarise'>;
    readonly readMessage: ReadMessage;
    readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
    readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
    readonly countAccepted: (topicId: TopicId, range: { fromMs?: number; toMs?: number }) => Promise<number>;
    readonly clock: { now(): number };
  };

export type ReceiptQuery = {
  readonly topicId: TopicId;
  readonly partnerId: PartnerId | undefined;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
};
export type Receipts = DeliverySummary & { readonly accepted: number };
export type Deliveries = ReturnType<typeof createDeliveries>;

/** What became of messages, for the companies on both sides of them. */
export function createDeliveries(needs: DeliveryNeeds) {
  const { store } = needs;
  const own = createOwnDelivery(store);
  const mayStart = createMayStart(needs);

  return {
    get: own,

    list: (list: Omit<DeliveryList, 'partnerId' | 'messageId'>, by: PartnerCaller): Promise<Delivery[]> =>
      store.list({ ...list, partnerId: by.partnerId }),

    /** All deliveries of a message for its owner, the own ones for a reader. */
    async listOfMessage(
      messageId: MessageId,
      page: Pick<DeliveryList, 'after' | 'limit'>,
      by: PartnerCaller,
    ): Promise<Delivery[]> {
      const message = existing(await needs.readMessage(messageId, by), 'msg');
      return store.list({ ...page, messageId, ...(!message.isOwner && { partnerId: by.partnerId }) });
    },

    ...createStartOneAgain({ ...needs, own, mayStart, restart: store.retry }),
    redrive: createRedriveSubscription({ ...needs, mayStart, redrive: store.redrive }),

    /** For the owner: of the topic, or of one reader. For a reader: between it and the owner. */
    async receipts(query: ReceiptQuery, by: PartnerCaller): Promise<Receipts> {
      const { topicId } = query;
      const range = {
        ...(query.fromMs !== undefined && { fromMs: query.fromMs }),
        ...(query.toMs !== undefined && { toMs: query.toMs }),
      };
      const topic = existing(await needs.findTopic(topicId), 'top');
      const isOwner = topic.owner.id === by.partnerId;
      if (!isOwner && (await needs.findGrant(topicId, by.partnerId)) === undefined) throw notFound('topic');
      const reader = isOwner ? query.partnerId : by.partnerId;
      const filter = { topicId, ...range, ...(reader !== undefined && { partnerId: reader }) };
      const summary = await store.summarise(filter);
      // Of a pair both sides see the same: the messages meant for this reader, not how many there are beside.
      const accepted = reader === undefined ? await needs.countAccepted(topicId, range) : summary.messages;
      return { ...summary, accepted };
    },

    /** What was sent in one delivery, for both sides. */
    async receipt(id: DeliveryId, by: PartnerCaller): Promise<Delivery> {
      const delivery = existing(await store.find(id), 'dlv');
      if (![delivery.partnerId, delivery.ownerId].includes(by.partnerId)) throw notFound('delivery');
      return delivery;
    },
  };
}
