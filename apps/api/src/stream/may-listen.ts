import { type Grant, grantState } from '@anika/core/access';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { sidesOf, type Target } from '@anika/core/route';

export type MayListenNeeds = {
  readonly findTopic: (id: TopicId) => Promise<{ readonly owner: { readonly id: PartnerId } } | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  readonly loadTarget: (id: SubscriptionId) => Promise<Target | undefined>;
  readonly clock: { now(): number };
};

/** Whose topics and subscriptions a company may hear of. */
export function createMayListen({ findTopic, findGrant, loadTarget, clock }: MayListenNeeds) {
  return {
    /** Whether the company neither owns this topic nor has an active grant on it. */
    async refusesTopic(topicId: TopicId, partnerId: PartnerId): Promise<boolean> {
      const topic = await findTopic(topicId);
      if (topic === undefined) return true;
      if (topic.owner.id === partnerId) return false;
      const grant = await findGrant(topicId, partnerId);
      return grant === undefined || grantState(grant, clock.now()) !== 'active';
    },

    /** Whether it is a subscription of this company, or on a topic of its own. */
    async sharesSubscription(id: SubscriptionId, partnerId: PartnerId): Promise<boolean> {
      const target = await loadTarget(id);
      return target !== undefined && sidesOf(target).includes(partnerId);
    },
  };
}
