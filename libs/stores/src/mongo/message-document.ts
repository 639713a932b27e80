import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';

/** A message as it is stored. `dataText` is the truth; `data` is there to be searched. */
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
};

/** What the readers of a message need; leaves out what is only there to be searched. */
export const MESSAGE_PROJECTION = { data: 0 } as const;

export function toMessage(document: MessageDocument): Message {
  return {
    id: document._id,
    topicId: document.topicId,
    ownerId: document.ownerId,
    type: document.type,
    key: document.key,
    dataText: document.dataText,
    acceptedAtMs: document.acceptedAt.getTime(),
    audience: document.audience,
    order: document.order,
    requestId: document.requestId,
  };
}
