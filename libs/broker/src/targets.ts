import { partyOf } from '@anika/core/audience/matching';
import { compileGrant, compileWants, type ReadGrant, type Wants } from '@anika/core/audience/rules';
import type { Change } from '@anika/core/change';
import { type CompiledMask, compileMask } from '@anika/core/field-mask';
import type { SubscriptionId, TopicId } from '@anika/core/ids';
import type { Target } from '@anika/core/route';
import { LRUCache } from 'lru-cache';

/** A target ready for use: its grant and its wants compiled, its endpoint `E` prepared. */
export type ReadyTarget<E> = {
  readonly target: Target;
  readonly grant: ReadGrant | undefined;
  readonly wants: Wants;
  readonly mask: CompiledMask | undefined;
  readonly endpoint: E;
};

export type TargetNeeds<E> = {
  /** Grouped with other loads. */
  readonly load: (id: SubscriptionId) => Promise<Target | undefined>;
  readonly prepare: (target: Target) => E;
};

/** How long a change of a grant or subscription may go unnoticed when its announcement is lost. */
const CACHE_MS = 900;

export type Targets<E> = {
  get(id: SubscriptionId): Promise<ReadyTarget<E> | undefined>;
  forget(change: Change): void;
};

/** What is to be known of a subscription to send to it or to let it pull, each kept for less than a second. */
export function createTargets<E>(needs: TargetNeeds<E>): Targets<E> {
  const ofTopic = new Map<TopicId, Set<SubscriptionId>>();
  /** Of a target that is being loaded nobody knows the topic yet. */
  const loading = new Map<SubscriptionId, number>();
  const cache = new LRUCache<SubscriptionId, { ready: ReadyTarget<E> | undefined }>({
    max: 20_000,
    ttl: CACHE_MS,
    // What is forgotten while it is being loaded still answers those who asked before, and is not kept.
    ignoreFetchAbort: true,
    fetchMethod: async (id) => {
      count(loading, id, 1);
      const target = await needs.load(id).finally(() => count(loading, id, -1));
      return { ready: target === undefined ? undefined : readyOf(target, needs) };
    },
    onInsert: ({ ready }, id) => {
      if (ready !== undefined) membersOf(ready.target.topic.id, ofTopic).add(id);
    },
    dispose: ({ ready }, id) => {
      if (ready !== undefined) removeMember(ofTopic, ready.target.topic.id, id);
    },
  });

  /** One company's changes leave the others' targets where they are. */
  function forgetTopic(topicId: TopicId): void {
    for (const id of [...(ofTopic.get(topicId) ?? []), ...loading.keys()]) cache.delete(id);
  }

  return {
    get: async (id) => (await cache.fetch(id))?.ready,
    forget(change) {
      if (change.kind === 'subscription') cache.delete(change.id as SubscriptionId);
      if (change.kind === 'topic') forgetTopic(change.id as TopicId);
      if (change.kind === 'partner') cache.clear();
    },
  };
}

function count(counts: Map<SubscriptionId, number>, id: SubscriptionId, change: 1 | -1): void {
  const present = (counts.get(id) ?? 0) + change;
  if (present === 0) counts.delete(id);
  else counts.set(id, present);
}

type Members = Map<TopicId, Set<SubscriptionId>>;

function membersOf(topicId: TopicId, members: Members): Set<SubscriptionId> {
  const known = members.get(topicId);
  if (known !== undefined) return known;
  const none = new Set<SubscriptionId>();
  members.set(topicId, none);
  return none;
}

function removeMember(members: Members, topicId: TopicId, id: SubscriptionId): void {
  const present = members.get(topicId);
  present?.delete(id);
  if (present?.size === 0) members.delete(topicId);
}

function readyOf<E>(target: Target, { prepare }: TargetNeeds<E>): ReadyTarget<E> {
  const { grant } = target;
  const party = partyOf(target);
  const fields = party.isOwner ? undefined : grant?.fields;
  return {
    target,
    grant: grant && compileGrant(grant),
    wants: compileWants(target.subscription, party),
    mask: fields === undefined ? undefined : compileMask(fields),
    endpoint: prepare(target),
  };
}

/** What an attempt is made under; undefined: the owner's own subscriptions need no grant. */
export function grantVersionOf({ target }: Pick<ReadyTarget<unknown>, 'target'>): number | undefined {
  const { subscription, topic, grant } = target;
  return subscription.partnerId === topic.ownerId ? undefined : grant?.version;
}
