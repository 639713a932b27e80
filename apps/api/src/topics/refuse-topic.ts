import type { PartnerCaller } from '@anika/core/access';
import { Failure, notFound } from '@anika/core/failures';
import type { PartnerId, TopicId } from '@anika/core/ids';

export type RefuseTopicNeeds = {
  /** How a company sees a topic of another one; undefined: not at all. */
  readonly seenAs: (
    id: TopicId,
    partnerId: PartnerId,
    nowMs: number,
  ) => Promise<'granted' | 'listed' | undefined>;
  readonly clock: { now(): number };
};

/** What the action takes: to own the topic, or an active grant on it. */
export type Takes = 'ownership' | 'grant';

const REASONS: Readonly<Record<Takes, string>> = {
  ownership: 'Only the company that owns this topic may do this',
  grant: 'You have no active grant on this topic; ask its owner for access',
};

/** Why a company may not do something with a topic: who can see it hears the reason, for others it is not there. */
export type RefuseTopic = (id: TopicId, by: PartnerCaller, takes: Takes) => Promise<Failure>;

export function createRefuseTopic({ seenAs, clock }: RefuseTopicNeeds): RefuseTopic {
  return async (id, by, takes) => {
    const seen = await seenAs(id, by.partnerId, clock.now());
    return seen === undefined ? notFound('topic') : new Failure('forbidden', REASONS[takes]);
  };
}
