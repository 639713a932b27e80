import { type Grant, grantState, type PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery';
import { Failure, notFound } from '@anika/core/failures';
import type { DeliveryId, MessageId, PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Target } from '@anika/core/route';
import type { Subscription } from '@anika/core/subscription';
import type { Topic } from '@anika/core/topic';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { DeliveryList } from '@anika/stores/mongo/delivery-reads';
import type { DeliverySummary } from '@anika/stores/mongo/delivery-summary';
import { existing } from '../http/path-id.ts';
import type { ReadMessage } from '../messages/readable-messages.ts';

export type DeliveryNeeds = {
  readonly store: Pick<DeliveryStore, 'list' | 'find' | 'retry' | 'redrive' | 'summarise'>;
  readonly readMessage: ReadMessage;
  readonly findSubscription: (id: SubscriptionId, partnerId: PartnerId) => Promise<Subscription | undefined>;
  readonly loadTarget: (id: SubscriptionId) => Promise<Target | undefined>;
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  readonly countAccepted: (topicId: TopicId, range: { fromMs?: number; toMs?: number }) => Promise<number>;
  /** Whether a request of it is on its way to the endpoint. */
  readonly isUnderWay: (delivery: Pick<Delivery, 'id' | 'subscriptionId'>) => Promise<boolean>;
  /** Queues a delivery that was started again, in place of its job; should the queue be away, the sweep does. */
  readonly queueAnew: (delivery: Delivery) => Promise<void>;
  readonly requestSweep: () => Promise<void>;
  /** For the reader's log and the owner's. */
  readonly recordRedrive: (subscription: Subscription, redriven: number, by: PartnerCaller) => Promise<void>;
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
  const { store, clock } = needs;

  async function own(id: DeliveryId, by: PartnerCaller): Promise<Delivery> {
    const delivery = existing(await store.find(id), 'dlv');
    if (delivery.partnerId !== by.partnerId) throw notFound('delivery');
    return delivery;
  }

  /** A reader who is not let in any more starts nothing again. */
  async function mayStart(subscriptionId: SubscriptionId, what: string): Promise<void> {
    const target = await needs.loadTarget(subscriptionId);
    if (target === undefined || target.topic.deleted) {
      throw new Failure('conflict', `Cannot ${what}: the subscription or its topic is deleted`);
    }
    const { subscription, topic, grant } = target;
    const letIn = grant !== undefined && grantState(grant, clock.now()) === 'active';
    if (subscription.partnerId !== topic.ownerId && !letIn) {
      throw new Failure('conflict', `Cannot ${what}: the grant on this topic is expired or revoked`);
    }
    if (subscription.state !== 'active') {
      throw new Failure(
        'conflict',
        `Cannot ${what}: the subscription is ${subscription.state}, it must be active`,
      );
    }
  }

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

    async retry(id: DeliveryId, by: PartnerCaller): Promise<Delivery> {
      const delivery = await own(id, by);
      await mayStart(delivery.subscriptionId, 'retry');
      // A request that begins after this line is not forgotten either: the lane lets this one go after it.
      if (await needs.isUnderWay(delivery)) {
        throw new Failure(
          'conflict',
          'Cannot retry: a request of this delivery is under way; wait for what comes of it',
        );
      }
      const started = await store.retry(id, ['dead', 'retrying', 'pending'], clock.now());
      if (started === undefined) {
        throw new Failure(
          'conflict',
          `Cannot retry: the delivery is ${delivery.state}, it must be dead or waiting`,
        );
      }
      await needs.queueAnew(started);
      return started;
    },

    /** Starts dead deliveries again, each with a new schedule; returns how many. */
    async redrive(
      id: SubscriptionId,
      range: { fromMs?: number; toMs?: number },
      by: PartnerCaller,
    ): Promise<number> {
      const subscription = existing(await needs.findSubscription(id, by.partnerId), 'sub');
      await mayStart(id, 'redrive');
      const redriven = await store.redrive(id, range);
      await needs.recordRedrive(subscription, redriven, by);
      await needs.requestSweep();
      return redriven;
    },

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
