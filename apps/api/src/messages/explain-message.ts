import type { Grant, PartnerCaller } from '@anika/core/access';
import { type Explained, explain } from '@anika/core/audience/explain';
import type { Delivery } from '@anika/core/delivery/delivery';
import { parseExact } from '@anika/core/exact-json';
import { Failure } from '@anika/core/failures';
import type { DeliveryId, MessageId, PartnerId, SubscriptionId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { createTurn } from '@anika/runtime/turn';
import type { ReaderPosition, ReaderRow, ReaderStore } from '@anika/stores/postgres/readers';
import { existing } from '../http/path-id.ts';
import { NO_TOPIC, type ReadNeeds } from './readable-messages.ts';

export type ExplainNeeds = Pick<ReadNeeds, 'locate' | 'find' | 'findGrant' | 'clock'> & {
  readonly readers: ReaderStore;
  readonly deliveryIdOf: (messageId: MessageId, subscriptionId: SubscriptionId) => DeliveryId;
  readonly findDeliveries: (ids: readonly DeliveryId[]) => Promise<ReadonlyMap<DeliveryId, Delivery>>;
  /** Whether deliveries of it may still be about to be stored. */
  readonly isBeingFannedOut: (id: MessageId) => Promise<boolean>;
};

/** The last row of the page before. */
export type Position = ReaderPosition;

export type ExplainQuery = {
  readonly messageId: MessageId;
  readonly partnerId: PartnerId | undefined;
  readonly subscriptionId: SubscriptionId | undefined;
  readonly after: Position | undefined;
  /** One more than the page holds. */
  readonly limit: number;
};

export type Explanation = {
  readonly partnerId: PartnerId;
  readonly partnerName: string;
  readonly subscriptionId: SubscriptionId | undefined;
  readonly delivery: Pick<Delivery, 'id' | 'state' | 'reason'> | undefined;
  readonly changedSince: readonly ('grant' | 'subscription')[];
  readonly rules: readonly Explained[];
};

export type ExplainMessage = (query: ExplainQuery, by: PartnerCaller) => Promise<Explanation[]>;

/** What became of a message for each reader and subscription, and what the rules say of it now. */
export function createExplainMessage(needs: ExplainNeeds): ExplainMessage {
  return async (query, by) => {
    const message = await messageFor(query.messageId, by, needs);
    const owner = existing(await needs.readers.ownerOf(message.topicId), 'msg');
    const isOwner = owner.id === by.partnerId;
    const { partnerId, subscriptionId, after, limit } = query;
    // A reader has its own rows, whomever it asks about.
    if (!isOwner && partnerId !== undefined && partnerId !== by.partnerId) return [];
    const rows = await needs.readers.page({
      topicId: message.topicId,
      partnerId: isOwner ? partnerId : by.partnerId,
      subscriptionId,
      sinceMs: message.acceptedAtMs,
      after,
      limit,
    });
    const judging: Judging = {
      message: { ...message, data: parseExact(message.dataText) },
      owner,
      by: isOwner ? 'owner' : 'reader',
      nowMs: needs.clock.now(),
    };
    return withDeliveries(await judged(rows, judging), message, needs);
  };
}

/**
 * For its owner, and for whoever has or had a grant on its topic. For others the same is asked of the stores as for one
 * that is not there: how long the answer takes does not tell them apart.
 */
async function messageFor(id: MessageId, by: PartnerCaller, needs: ExplainNeeds): Promise<Message> {
  const place = await needs.locate(id);
  const grant: Grant | undefined = await needs.findGrant(place?.topicId ?? NO_TOPIC, by.partnerId);
  const isOwner = place?.ownerId === by.partnerId;
  const isThere = place !== undefined && (isOwner || (grant !== undefined && !place.isUnsent));
  const found = existing(isThere ? await needs.find(id) : undefined, 'msg');
  // Its rules are judged by its contents: there are none any more.
  if (found === 'recalled') throw new Failure('recalled', 'The message was taken back by its owner');
  return found;
}

type Judging = {
  readonly message: Message & { readonly data: unknown };
  readonly owner: { readonly id: PartnerId; readonly isActive: boolean };
  readonly by: 'owner' | 'reader';
  readonly nowMs: number;
};

type Judged = Omit<Explanation, 'delivery'>;

/** A filter and a mask for each row may take their time: others have their turns meanwhile. */
async function judged(rows: readonly ReaderRow[], judging: Judging): Promise<Judged[]> {
  const turn = createTurn();
  const all: Judged[] = [];
  for (const row of rows) {
    await turn.giveWay();
    all.push(judge(row, judging));
  }
  return all;
}

function judge(row: ReaderRow, { message, owner, by, nowMs }: Judging): Judged {
  const { partnerId, partnerName, subscriptionId, grant, subscription } = row;
  const party = {
    partnerId,
    isOwner: partnerId === owner.id,
    readerActive: row.isActive,
    ownerActive: owner.isActive,
    grant,
    subscription,
  };
  const isLater = (record: { updatedAtMs: number } | undefined) =>
    record !== undefined && record.updatedAtMs > message.acceptedAtMs;
  return {
    partnerId,
    partnerName,
    subscriptionId,
    changedSince: [
      ...(isLater(grant) ? (['grant'] as const) : []),
      ...(isLater(subscription) ? (['subscription'] as const) : []),
    ],
    rules: explain(party, message, { by, nowMs }),
  };
}

/** A delivery is stored a moment after its message was accepted: until then it is known by the rules that all hold. */
async function withDeliveries(
  rows: readonly Judged[],
  message: Message,
  needs: ExplainNeeds,
): Promise<Explanation[]> {
  const idOf = ({ subscriptionId }: Judged) =>
    subscriptionId && needs.deliveryIdOf(message.id, subscriptionId);
  const stored = await needs.findDeliveries(rows.flatMap((row) => idOf(row) ?? []));
  const isMissing = (row: Judged) => {
    const id = idOf(row);
    return id !== undefined && !stored.has(id) && row.rules.every(({ held }) => held);
  };
  const isOnItsWay = rows.some(isMissing) && (await needs.isBeingFannedOut(message.id));
  return rows.map((row) => {
    const id = idOf(row);
    if (id === undefined) return { ...row, delivery: undefined };
    const onItsWay = isOnItsWay && isMissing(row) ? ({ id, state: 'pending' } as const) : undefined;
    return { ...row, delivery: stored.get(id) ?? onItsWay };
  });
}
