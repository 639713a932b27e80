import type { NoticeType } from '@anika/core/notice/notice';
import type { MessageId } from '../messages/catalogue.ts';
import type { NoticeFacts } from './notice-facts.ts';

export type NoticeLink = {
  readonly label: MessageId;
  /** Of a page, with what stands in its address. */
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
};

type Who = { readonly partnerId: string | null; readonly isAdmin: boolean };
type Links = (facts: NoticeFacts, who: Who) => readonly (NoticeLink | undefined)[];

const request: Links = ({ topicId, readerId, ownerId, requestId }, { partnerId, isAdmin }) => {
  const isOurs = ownerId !== undefined && ownerId === partnerId;
  if (isOurs && isAdmin && topicId !== undefined && readerId !== undefined && requestId !== undefined) {
    return [
      { label: 'notice.look.request', to: `/access/${topicId}/${readerId}`, search: { request: requestId } },
    ];
  }
  return [{ label: 'notice.look.request', to: '/access', search: { tab: isOurs ? 'in' : 'out' } }];
};
const grant: Links = ({ topicId, readerId }) => [
  topicId === undefined || readerId === undefined
    ? undefined
    : { label: 'notice.look.grant', to: `/access/${topicId}/${readerId}` },
];
const subscription: Links = ({ subscriptionId }) => [
  subscriptionId === undefined
    ? undefined
    : { label: 'notice.look.subscription', to: `/subscriptions/${subscriptionId}` },
];
const dead: Links = (facts, who) => [
  ...subscription(facts, who),
  { label: 'notice.look.dead', to: '/dead-letters' },
  facts.exampleDeliveryId === undefined
    ? undefined
    : { label: 'notice.look.example', to: `/deliveries/${facts.exampleDeliveryId}` },
];
const key: Links = (_, { isAdmin }) => [
  isAdmin ? { label: 'notice.look.keys', to: '/settings', search: { tab: 'keys' } } : undefined,
];
const people: Links = (_, { isAdmin }) => [
  isAdmin ? { label: 'notice.look.people', to: '/settings', search: { tab: 'people' } } : undefined,
];
const message: Links = ({ messageId }) => [
  messageId === undefined ? undefined : { label: 'notice.look.message', to: `/messages/${messageId}` },
];

const LINKS: Readonly<Record<NoticeType, Links>> = {
  'anika.access-request.made': request,
  // What is decided is not to be decided again: the grant, or the list.
  'anika.access-request.approved': grant,
  'anika.access-request.refused': (facts, who) => request({ ...facts, requestId: undefined }, who),
  'anika.access-request.withdrawn': (facts, who) => request({ ...facts, requestId: undefined }, who),
  'anika.grant.given': grant,
  'anika.grant.changed': grant,
  'anika.grant.ending': grant,
  'anika.grant.ended': grant,
  'anika.grant.revoked': grant,
  'anika.grant.declined': grant,
  'anika.subscription.failing': subscription,
  'anika.subscription.disabled': subscription,
  'anika.delivery.dead': dead,
  'anika.key.made': key,
  'anika.key.revoked': key,
  'anika.secret.read': subscription,
  'anika.account.reopened': people,
  'anika.message.recalled': message,
};

/** The pages of what a notice is about, as far as whoever looks may open them. */
export function noticeLinks(type: NoticeType, facts: NoticeFacts, who: Who): readonly NoticeLink[] {
  return LINKS[type](facts, who).filter((link) => link !== undefined);
}
