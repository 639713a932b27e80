import type { ErasureId, MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Recalled } from '@anika/core/recall';

/** What is kept of a recall. */
export type RecallDocument = {
  at: Date;
  /** Of a user or an API key. */
  by?: string;
  reason: string;
  /** Lower-case hex SHA-256 of what `dataText` was. */
  hash: string;
  /** Where it was not taken back by itself. */
  erasureId?: ErasureId;
};

/**
 * A message as it is stored. `dataText` is the truth; `data` is there to be searched. Once it is recalled, neither is
 * there, nor `key` and `fingerprint`: who reads messages leaves those with `recalled` out.
 */
export type MessageDocument = {
  _id: MessageId;
  topicId: TopicId;
  ownerId: PartnerId;
  type: string;
  key?: string;
  dataText: string;
  data: unknown;
  acceptedAt: Date;
  /** Within the millisecond; absent: the first. */
  order?: number;
  audience?: PartnerId[];
  /** Of the request it came with, for the logs. */
  requestId?: string;
  /** Of the body an idempotency key was used with. */
  fingerprint?: string;
  /** Present until every delivery, its job and the words of the message are stored: the outbox mark. */
  pendingSince?: Date;
  /** Beside the mark, which is of a time that never comes then: its fan-out waits for those before it. */
  deferred?: true;
  /** Of one that was scheduled or deferred, beside the mark: who found that its time has come. */
  releasedBy?: string;
  /** Present once it was taken back. */
  recalled?: RecallDocument;
  /** When it is looked next for what came late of a message that was taken back. */
  scrubAt?: Date;
  /** Of one that was scheduled: when it was taken; `acceptedAt` is what it was scheduled for. */
  publishedAt?: Date;
  /** The same as `acceptedAt`, while it waits for it. */
  dueAt?: Date;
  /** It has not been sent to anybody: its time has not come, or it was taken back before. */
  unsent?: true;
  /** ANIKA's own word, see `Message`. */
  isNotice?: true;
};

/** Of messages that are there to be read. */
export const NOT_RECALLED = { recalled: { $exists: false } } as const;
/** Of those, the ones whose time has come. */
export const IN_FORCE = { ...NOT_RECALLED, unsent: { $exists: false } } as const;

/** What the readers of a message need; leaves out what is only there to be searched. */
export const MESSAGE_PROJECTION = { data: 0 } as const;

const HEAD = {
  topicId: 1,
  ownerId: 1,
  type: 1,
  key: 1,
  acceptedAt: 1,
  order: 1,
  audience: 1,
  requestId: 1,
  recalled: 1,
  publishedAt: 1,
  isNotice: 1,
} as const satisfies { [Field in keyof Omit<MessageDocument, '_id' | 'dataText' | NotRead>]-?: 1 };
/** Of the store's own concern. */
type NotRead =
  | 'data'
  | 'fingerprint'
  | 'pendingSince'
  | 'deferred'
  | 'releasedBy'
  | 'scrubAt'
  | 'dueAt'
  | 'unsent';

/** The same, but of data of more bytes: how many they are, as `heavy`. */
export function lightProjection(maxBytes: number) {
  const bytes = { $strLenBytes: { $ifNull: ['$dataText', ''] } };
  const isHeavy = { $gt: [bytes, maxBytes] };
  return {
    ...HEAD,
    dataText: { $cond: [isHeavy, '$$REMOVE', '$dataText'] },
    heavy: { $cond: [isHeavy, bytes, '$$REMOVE'] },
  };
}

export function toMessage(document: MessageDocument): Message {
  return {
    id: document._id,
    topicId: document.topicId,
    ownerId: document.ownerId,
    type: document.type,
    key: document.key,
    dataText: document.dataText,
    acceptedAtMs: document.acceptedAt.getTime(),
    ...(document.publishedAt && { publishedAtMs: document.publishedAt.getTime() }),
    audience: document.audience,
    order: document.order,
    requestId: document.requestId,
    ...(document.isNotice && { isNotice: true }),
  };
}

/** @throws Error for one that was not taken back */
export function toRecalled(document: RecalledFields): Recalled {
  const { recalled } = document;
  if (recalled === undefined) throw new Error(`message ${document._id} was not recalled`);
  return {
    id: document._id,
    topicId: document.topicId,
    ownerId: document.ownerId,
    type: document.type,
    audience: document.audience,
    acceptedAtMs: document.acceptedAt.getTime(),
    recalledAtMs: recalled.at.getTime(),
    reason: recalled.reason,
    hash: recalled.hash,
  };
}

export type RecalledFields = Pick<
  MessageDocument,
  '_id' | 'topicId' | 'ownerId' | 'type' | 'audience' | 'acceptedAt' | 'recalled'
>;
