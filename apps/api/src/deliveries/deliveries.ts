import type { Grant, PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery/delivery';
import { Failure, invalid, notFound } from '@anika/core/failures';
import type { DeliveryId, MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Topic } from '@anika/core/topic';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { DeliveryList } from '@anika/stores/mongo/delivery-reads';
import type { DeliverySummary } from '@anika/stores/mongo/delivery-summary';
import type { SubscriptionStore } from '@anika/stores/postgres/subscriptions';
import { existing } from '../http/path-id.ts';
import type { ReadMessage } from '../messages/readable-messages.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import { createMayStart, type MayStartNeeds } from './may-start.ts';
import { createOwnDelivery } from './own-delivery.ts';
import { createRedriveSubscription, type RedriveNeeds } from './redrive-subscription.ts';
import { createStartOneAgain, type StartOneAgainNeeds } from './start-one-again.ts';

export type DeliveryNeeds = MayStartNeeds &
  Omit<StartOneAgainNeeds, 'own' | 'mayStart' | 'restart'> &
  Omit<RedriveNeeds, 'mayStart' | 'redrive'> & {
    readonly store: Pick<DeliveryStore, 'list' | 'find' | 'retry' | 'redrive'>;
    /** Counts of one company are bounded, as its searches are. */
    readonly summarise: (
      of: Parameters<DeliveryStore['summarise']>[0],
      partnerId: PartnerId,
    ) => ReturnType<DeliveryStore['summarise']>;
    readonly readMessage: ReadMessage;
    readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
    readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
    readonly countAccepted: (topicId: TopicId, range: { fromMs: number; toMs: number }) => Promise<number>;
    readonly subscriptionsSince: SubscriptionStore['idsSince'];
    readonly refuse: RefuseTopic;
    readonly clock: { now(): number };
  };

export type ReceiptQuery = {
  readonly topicId: TopicId;
  readonly partnerId: PartnerId | undefined;
  readonly fromMs: number;
  readonly toMs: number;
};
export type Receipts = DeliverySummary & { readonly accepted: number };
export type Deliveries = ReturnType<typeof createDeliveries>;

const DAY_MS = 86_400_000;
const MAX_RANGE_DAYS = 92;
const MAX_SUBSCRIPTIONS = 20_000;
/** A message that is accepted while a subscription is being deleted may still get its delivery. */
const DELETED_LATE_MS = 60_000;

/** What is counted costs as much as there is in the time. */
function checkRange({ fromMs, toMs }: Pick<ReceiptQuery, 'fromMs' | 'toMs'>): void {
  if (toMs <= fromMs) throw invalid('to', 'must lie after from');
  if (toMs - fromMs > MAX_RANGE_DAYS * DAY_MS) {
    throw invalid('to', `must lie at most ${MAX_RANGE_DAYS} days after from`);
  }
}

/** What became of messages, for the companies on both sides of them. */
export function createDeliveries(needs: DeliveryNeeds) {
  const { store } = needs;
  const own = createOwnDelivery(store);
  const mayStart = createMayStart(needs);

  /** Of whom receipts are asked for; undefined: of all readers. */
  async function readerOf({ topicId, partnerId }: ReceiptQuery, by: PartnerCaller) {
    const topic = await needs.findTopic(topicId);
    if (topic?.owner.id === by.partnerId) return partnerId;
    // Whoever was let in once has receipts of that time.
    if (topic === undefined || (await needs.findGrant(topicId, by.partnerId)) === undefined) {
      throw await needs.refuse(topicId, by, 'grant');
    }
    if (partnerId !== undefined && partnerId !== by.partnerId) {
      throw new Failure(
        'forbidden',
        'A reader sees the receipts between itself and the owner; leave out partnerId',
      );
    }
    return by.partnerId;
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

    ...createStartOneAgain({ ...needs, own, mayStart, restart: store.retry }),
    redrive: createRedriveSubscription({ ...needs, mayStart, redrive: store.redrive }),

    /** For the owner: of the topic, or of one reader. For a reader: between it and the owner. */
    async receipts(query: ReceiptQuery, by: PartnerCaller): Promise<Receipts> {
      checkRange(query);
      const { topicId, fromMs, toMs } = query;
      const reader = await readerOf(query, by);
      const subscriptionIds = await needs.subscriptionsSince({
        topicId,
        partnerId: reader,
        sinceMs: fromMs - DELETED_LATE_MS,
        limit: MAX_SUBSCRIPTIONS + 1,
      });
      if (subscriptionIds.length > MAX_SUBSCRIPTIONS) {
        const detail = `More than ${MAX_SUBSCRIPTIONS} subscriptions had a part in it: name a partnerId`;
        throw new Failure('too-many-deliveries', detail);
      }
      const summary = await needs.summarise({ subscriptionIds, fromMs, toMs }, by.partnerId);
      // Of a pair both sides see the same: the messages meant for this reader, not how many there are beside.
      const accepted =
        reader === undefined ? await needs.countAccepted(topicId, { fromMs, toMs }) : summary.messages;
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
