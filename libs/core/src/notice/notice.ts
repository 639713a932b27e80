import type { Failure } from '../failures.ts';
import type { MessageId, PartnerId, TopicId, UserId } from '../ids.ts';
import type { Message } from '../message.ts';

/** What ANIKA tells a company. */
export const NOTICE_TYPES = [
  'anika.access-request.made',
  'anika.access-request.approved',
  'anika.access-request.refused',
  'anika.access-request.withdrawn',
  'anika.grant.given',
  'anika.grant.changed',
  'anika.grant.ending',
  'anika.grant.ended',
  'anika.grant.revoked',
  'anika.grant.declined',
  'anika.subscription.failing',
  'anika.subscription.disabled',
  'anika.delivery.dead',
  'anika.key.made',
  'anika.key.revoked',
  'anika.secret.read',
  'anika.account.reopened',
  'anika.message.recalled',
] as const;
export type NoticeType = (typeof NOTICE_TYPES)[number];

export function isNoticeType(text: string): text is NoticeType {
  return NOTICE_TYPES.some((type) => type === text);
}

/** Never the content of a message. Times are ISO 8601. */
export type NoticeData = Readonly<Record<string, string | number | readonly string[] | null>>;

export type Notice = {
  readonly type: NoticeType;
  /** Who is told. */
  readonly partnerId: PartnerId;
  /** What it is about: a grant, a request, a subscription, a key, a message. */
  readonly subjectId: string;
  /** Of the told company itself, who did it. */
  readonly byUserId: UserId | undefined;
  readonly data: NoticeData;
  /** Differs for every two notices; from it comes the id, so that one told twice is one. */
  readonly source: string;
};

/** A notice that is kept. */
export type KeptNotice = Notice & { readonly messageId: MessageId };

/** Told of a notice that no store would ever take, and why; not of what it says. */
export type RefuseNotice = (
  notice: Pick<Message, 'id' | 'ownerId' | 'type' | 'key'>,
  reason: Failure,
) => void;

/** What a subscription names to get notices, and how their topic is called. */
export const NOTICES = 'notices';
/** How long they are kept. */
export const NOTICE_DAYS_KEPT = 90;

/**
 * Each company has one topic that nobody sees but itself: its notices are messages of it. The id follows from the
 * company's, so that nobody needs to look it up; it opens nothing to who is not the owner.
 */
export function noticesTopicOf(partnerId: PartnerId): TopicId {
  return `top_${partnerId.slice('par_'.length)}` as TopicId;
}

export function isNoticesTopic(topicId: TopicId, ownerId: PartnerId): boolean {
  return topicId === noticesTopicOf(ownerId);
}

/** What is hashed for the id of a notice. */
export function noticeInput({
  source,
  partnerId,
  type,
}: Pick<Notice, 'source' | 'partnerId' | 'type'>): string {
  return `notice\n${source}\n${partnerId}\n${type}`;
}
