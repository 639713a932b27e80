import type { MessageId, PartnerId, TopicId } from './ids.ts';

export const MESSAGE_TYPE_PATTERN = /^[A-Za-z0-9_.-]{1,128}$/;

/** Types of ANIKA's own events, which no company may publish. */
export function isReservedType(type: string): boolean {
  return /^anika(\.|$)/i.test(type);
}

/** What was published; never changes. `dataText` is the JSON text of `data` as it was sent. */
export type Message = {
  readonly id: MessageId;
  readonly topicId: TopicId;
  readonly ownerId: PartnerId;
  readonly type: string;
  readonly key: string | undefined;
  readonly dataText: string;
  /** Of one that was scheduled, the time it was scheduled for: from then on it is one like any other. */
  readonly acceptedAtMs: number;
  /** Of one that was scheduled: when it was taken. Shown to its owner. */
  readonly publishedAtMs?: number | undefined;
  /** Only these of the granted partners get it; undefined: all. */
  readonly audience: readonly PartnerId[] | undefined;
  /** Its place among those accepted in the same millisecond (`accepted-order.ts`); none: the first. Shown to nobody. */
  readonly order?: number | undefined;
  /** Of the request it came with; for the logs, shown to nobody. */
  readonly requestId?: string | undefined;
  /** ANIKA's own word to those of its audience, whatever types, fields and filters they have: see `recall.ts`. */
  readonly isNotice?: true | undefined;
};
