import type { Grant, PartnerCaller } from '@anika/core/access';
import { Failure, invalid, notFound } from '@anika/core/failures';
import type { DeliveryId, PartnerId, TopicId } from '@anika/core/ids';
import { deliveryReceipt, rangeReceipt } from '@anika/core/receipt/receipt';
import type { Topic } from '@anika/core/topic';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { SubscriptionsWithPart } from '../deliveries/subscriptions-with-part.ts';
import { existing } from '../http/path-id.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import type { SignReceipt } from './sign-receipt.ts';

export type ReceiptNeeds = {
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  readonly findDelivery: DeliveryStore['find'];
  readonly subscriptionsWithPart: SubscriptionsWithPart;
  /** Counts of one company are bounded, as its searches are. */
  readonly count: (
    of: Parameters<DeliveryStore['receiptFigures']>[0],
    partnerId: PartnerId,
  ) => ReturnType<DeliveryStore['receiptFigures']>;
  readonly sign: SignReceipt;
  readonly refuse: RefuseTopic;
  /** Where this installation is reached. */
  readonly issuer: string;
  readonly clock: { now(): number };
};

export type ReceiptQuery = {
  readonly topicId: TopicId;
  readonly partnerId: PartnerId | undefined;
  readonly fromMs: number;
  readonly toMs: number;
};

export type Receipts = ReturnType<typeof createReadReceipts>;

const DAY_MS = 86_400_000;
const MAX_RANGE_DAYS = 92;

/** What is counted costs as much as there is in the time. */
function checkRange({ fromMs, toMs }: Pick<ReceiptQuery, 'fromMs' | 'toMs'>): void {
  if (toMs <= fromMs) throw invalid('to', 'must lie after from');
  if (toMs - fromMs > MAX_RANGE_DAYS * DAY_MS) {
    throw invalid('to', `must lie at most ${MAX_RANGE_DAYS} days after from`);
  }
}

/** Of whom receipts are asked for; undefined: of all readers. */
function readerIn({ partnerId }: ReceiptQuery, topic: Topic, by: PartnerCaller): PartnerId | undefined {
  if (topic.owner.id === by.partnerId) return partnerId;
  if (partnerId === undefined || partnerId === by.partnerId) return by.partnerId;
  throw new Failure(
    'forbidden',
    'A reader sees the receipts between itself and the owner; leave out partnerId',
  );
}

/** What both companies can read of what was sent, signed, and the same for both. */
export function createReadReceipts(needs: ReceiptNeeds) {
  const { issuer, clock } = needs;

  /** Whoever was let in once has receipts of that time. */
  async function topicFor({ topicId }: ReceiptQuery, by: PartnerCaller): Promise<Topic> {
    const topic = await needs.findTopic(topicId);
    const isKnown =
      topic !== undefined &&
      (topic.owner.id === by.partnerId || (await needs.findGrant(topicId, by.partnerId)) !== undefined);
    if (!isKnown) throw await needs.refuse(topicId, by, 'grant');
    return topic;
  }

  return {
    /** For the owner: of the topic, or of one reader. For a reader: between it and the owner. */
    async ofRange(query: ReceiptQuery, by: PartnerCaller) {
      checkRange(query);
      const { topicId, fromMs, toMs } = query;
      const topic = await topicFor(query, by);
      const partnerId = readerIn(query, topic, by);
      const subscriptionIds = await needs.subscriptionsWithPart({ topicId, partnerId, fromMs });
      // Of a pair both sides see the same: the messages meant for this reader, not how many there are beside.
      const whole = partnerId === undefined ? topicId : undefined;
      const figures = await needs.count({ subscriptionIds, topicId: whole, fromMs, toMs }, by.partnerId);
      const ownerId = topic.owner.id;
      // Before the topic was made there was nothing to keep.
      const firstMs = Math.max(fromMs, topic.createdAtMs);
      const isKept = firstMs >= clock.now() - topic.retentionDays * DAY_MS;
      const isComplete = isKept || toMs <= topic.createdAtMs;
      const of = { issuer, topicId, ownerId, partnerId, fromMs, toMs, isComplete };
      return needs.sign(rangeReceipt(of, figures));
    },

    /** What was sent in one delivery, for both sides. */
    async ofDelivery(id: DeliveryId, by: PartnerCaller) {
      const delivery = existing(await needs.findDelivery(id), 'dlv');
      if (![delivery.partnerId, delivery.ownerId].includes(by.partnerId)) throw notFound('delivery');
      return needs.sign(deliveryReceipt(issuer, delivery));
    },
  };
}
