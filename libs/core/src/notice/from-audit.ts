import type { PartnerId, UserId } from '../ids.ts';
import type { Notice, NoticeData, NoticeType } from './notice.ts';

/** An entry of the audit log, as far as notices follow from it. */
export type AuditFacts = {
  /** Known to operators only: ids that are made from it cannot be guessed. */
  readonly hash: string;
  readonly at: string;
  readonly action: string;
  readonly actorId: string | undefined;
  readonly actorPartnerId: string | undefined;
  readonly topicId: string | undefined;
  readonly subjectId: string | undefined;
  /** The companies it concerns. */
  readonly partnerIds: readonly PartnerId[];
  readonly before: unknown;
  readonly after: unknown;
};

/** Names by id, of the topics and companies of some entries. */
export type Names = {
  readonly topics: ReadonlyMap<string, { readonly name: string; readonly ownerId: PartnerId }>;
  readonly partners: ReadonlyMap<string, string>;
};

type Told = { readonly facts: AuditFacts; readonly names: Names; readonly to: PartnerId };
type Rule = {
  readonly type: NoticeType;
  readonly data: (told: Told) => NoticeData;
  /** Whom it is for; default: all whom the entry concerns. */
  readonly isFor?: (told: Told) => boolean;
};

/**
 * What companies are told of what is in the audit log: an action that is named here becomes a notice of each company
 * that the entry concerns, and nobody else's. An action of a new kind is one more line.
 */
const RULES: Readonly<Record<string, Rule>> = {
  'access.requested': { type: 'anika.access-request.made', data: requestData },
  'access.approved': { type: 'anika.access-request.approved', data: requestData },
  'access.refused': { type: 'anika.access-request.refused', data: requestData },
  'access.withdrawn': { type: 'anika.access-request.withdrawn', data: requestData },
  'grant.given': { type: 'anika.grant.given', data: grantData },
  'grant.changed': { type: 'anika.grant.changed', data: grantData },
  'grant.expiring': { type: 'anika.grant.ending', data: grantData },
  'grant.expired': { type: 'anika.grant.ended', data: (told) => ({ ...grantData(told), reason: 'expired' }) },
  'grant.revoked': { type: 'anika.grant.revoked', data: grantData },
  'grant.declined': { type: 'anika.grant.declined', data: grantData },
  'topic.deleted': {
    type: 'anika.grant.ended',
    // Of the other readers nobody learns by it.
    data: ({ facts, names, to }) => ({ ...topicData(facts, names), readerId: to, reason: 'topic-deleted' }),
    isFor: ({ facts, names, to }) => names.topics.get(facts.topicId ?? '')?.ownerId !== to,
  },
  'subscription.disabled': { type: 'anika.subscription.disabled', data: subscriptionData },
  'subscription.secret-read': { type: 'anika.secret.read', data: subscriptionData },
  'key.created': { type: 'anika.key.made', data: keyData },
  'key.revoked': { type: 'anika.key.revoked', data: keyData },
  'password-reset.made': { type: 'anika.account.reopened', data: accountData('link-made') },
  'password-reset.used': { type: 'anika.account.reopened', data: accountData('password-set') },
  'second-factor.taken-off': { type: 'anika.account.reopened', data: accountData('second-factor-taken-off') },
  'message.recalled': {
    type: 'anika.message.recalled',
    data: ({ facts, names }) => ({
      messageId: facts.subjectId ?? null,
      ...topicData(facts, names),
      reason: textIn(facts.after, 'reason'),
    }),
  },
};

export function noticesFromAudit(facts: AuditFacts, names: Names): readonly Notice[] {
  const rule = Object.hasOwn(RULES, facts.action) ? RULES[facts.action] : undefined;
  if (rule === undefined) return [];
  const { type, data, isFor = () => true } = rule;
  return [...new Set(facts.partnerIds)].flatMap((to): Notice[] => {
    const told = { facts, names, to };
    if (!isFor(told)) return [];
    const isOwnAct = facts.actorPartnerId === to;
    const byUserId = isOwnAct && facts.actorId?.startsWith('usr_') ? (facts.actorId as UserId) : undefined;
    return [
      {
        type,
        partnerId: to,
        subjectId: facts.subjectId ?? facts.topicId ?? to,
        byUserId,
        source: facts.hash,
        data: {
          at: facts.at,
          byPartnerId: facts.actorPartnerId ?? null,
          // Who of another company did it is that company's own affair.
          byId: isOwnAct ? (facts.actorId ?? null) : null,
          ...data(told),
        },
      },
    ];
  });
}

function topicData({ topicId }: AuditFacts, { topics, partners }: Names) {
  const topic = topics.get(topicId ?? '');
  return {
    topicId: topicId ?? null,
    topicName: topic?.name ?? null,
    ownerId: topic?.ownerId ?? null,
    ownerName: partners.get(topic?.ownerId ?? '') ?? null,
  };
}

/** Of a pair, the one who is not the owner. */
function readerData({ topicId, partnerIds }: AuditFacts, { topics, partners }: Names) {
  const ownerId = topics.get(topicId ?? '')?.ownerId;
  const readerId = partnerIds.find((id) => id !== ownerId);
  return { readerId: readerId ?? null, readerName: partners.get(readerId ?? '') ?? null };
}

/** The terms are read where they are: `GET /v1/grants`. */
function grantData({ facts, names }: Told): NoticeData {
  const terms = facts.after ?? facts.before;
  return {
    grantId: facts.subjectId ?? null,
    ...topicData(facts, names),
    ...readerData(facts, names),
    expiresAt: textIn(terms, 'expiresAt'),
    daysLeft: numberIn(terms, 'daysLeft'),
  };
}

function requestData({ facts, names }: Told): NoticeData {
  return {
    requestId: facts.subjectId ?? null,
    ...topicData(facts, names),
    ...readerData(facts, names),
    purpose: textIn(facts.after, 'purpose'),
    until: textIn(facts.after, 'until'),
    reason: textIn(facts.after, 'reason'),
  };
}

function subscriptionData({ facts, names }: Told): NoticeData {
  return {
    subscriptionId: facts.subjectId ?? null,
    ...topicData(facts, names),
    reason: textIn(facts.after, 'reason'),
  };
}

function keyData({ facts }: Told): NoticeData {
  const key = facts.after ?? facts.before;
  return {
    keyId: facts.subjectId ?? null,
    name: textIn(key, 'name'),
    scopes: textsIn(key, 'scopes'),
    expiresAt: textIn(key, 'expiresAt'),
  };
}

/** Somebody's way in was opened again; who it is, the company's admins see by the id. */
function accountData(reason: string): Rule['data'] {
  return ({ facts }) => ({ userId: facts.subjectId ?? null, reason });
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textIn(value: unknown, name: string): string | null {
  const member = memberOf(value, name);
  return typeof member === 'string' ? member : null;
}

function numberIn(value: unknown, name: string): number | null {
  const member = memberOf(value, name);
  return typeof member === 'number' ? member : null;
}

function textsIn(value: unknown, name: string): readonly string[] {
  const member = memberOf(value, name);
  return Array.isArray(member) ? member.filter((one) => typeof one === 'string') : [];
}
