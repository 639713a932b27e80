import { grantState } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import type { SubscriptionId } from '@anika/core/ids';
import type { Target } from '@anika/core/route';

export type MayStartNeeds = {
  readonly loadTarget: (id: SubscriptionId) => Promise<Target | undefined>;
  readonly clock: { now(): number };
};

export type MayStart = ReturnType<typeof createMayStart>;

/** A reader who is not let in any more starts nothing again. */
export function createMayStart({ loadTarget, clock }: MayStartNeeds) {
  return async (subscriptionId: SubscriptionId, what: string): Promise<void> => {
    const why = whyNot(await loadTarget(subscriptionId), clock.now());
    if (why !== undefined) throw new Failure('conflict', `Cannot ${what}: ${why}`);
  };
}

function whyNot(target: Target | undefined, nowMs: number): string | undefined {
  if (target === undefined || target.topic.deleted) return 'the subscription or its topic is deleted';
  const { subscription, topic, grant } = target;
  const letIn = grant !== undefined && grantState(grant, nowMs) === 'active';
  if (subscription.partnerId !== topic.ownerId && !letIn) {
    return 'the grant on this topic is expired or revoked';
  }
  if (subscription.state === 'active') return undefined;
  return `the subscription is ${subscription.state}, it must be active`;
}
