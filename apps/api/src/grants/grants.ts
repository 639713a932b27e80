import { type Grant, grantState, type PartnerCaller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import { Failure, notFound } from '@anika/core/failures';
import type { GrantId, IdMaker, PartnerId, TopicId } from '@anika/core/ids';
import type { Topic } from '@anika/core/topic';
import type { GrantStore } from '@anika/stores/postgres/grants';
import type { TopicStore } from '@anika/stores/postgres/topics';
import type { PageRequest } from '../http/page.ts';
import { existing } from '../http/path-id.ts';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import type { GrantTerms } from './grant-terms.ts';

export type GrantNeeds = {
  readonly store: Pick<GrantStore, 'put' | 'revoke' | 'decline' | 'find' | 'listOfTopic' | 'listOfReader'>;
  readonly findTopic: TopicStore['find'];
  readonly announce: (change: Change) => void;
  /** What is queued for this reader ends cancelled, now or soon. */
  readonly cancelWaiting: (topicId: TopicId) => Promise<void>;
  /** Queues again what the end of a grant cancelled; returns how many. */
  readonly resendCancelled: (
    topicId: TopicId,
    readerId: PartnerId,
    range: { fromMs?: number; toMs?: number },
  ) => Promise<number>;
  /** For the logs of both. */
  readonly recordResend: (grant: Grant, resent: number, by: PartnerCaller) => Promise<void>;
  readonly refuse: RefuseTopic;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

export type Grants = ReturnType<typeof createGrants>;

/** What an owner lets other partners read. */
export function createGrants(needs: GrantNeeds) {
  const { store, clock } = needs;
  const changeBy = (by: PartnerCaller) => ({ by, atMs: clock.now(), ownerId: by.partnerId });

  async function ownTopic(topicId: TopicId, by: PartnerCaller): Promise<Topic> {
    const topic = await needs.findTopic(topicId);
    if (topic?.owner.id === by.partnerId) return topic;
    throw await needs.refuse(topicId, by, 'ownership');
  }

  /** The topic is not the caller's, or the partner is not there. */
  async function whyNotGiven(topicId: TopicId, by: PartnerCaller): Promise<Failure> {
    await ownTopic(topicId, by);
    return notFound('partner');
  }

  return {
    /** Gives or replaces; the version grows with each change. */
    async put(place: { topicId: TopicId; readerId: PartnerId }, terms: GrantTerms, by: PartnerCaller) {
      const { topicId, readerId } = place;
      const put = await store.put(topicId, readerId, terms, { ...changeBy(by), id: needs.newId('grt') });
      if (put === undefined) throw await whyNotGiven(topicId, by);
      needs.announce({ kind: 'topic', id: topicId });
      return put;
    },

    async revoke(topicId: TopicId, readerId: PartnerId, by: PartnerCaller): Promise<void> {
      if (!(await store.revoke(topicId, readerId, changeBy(by)))) {
        await ownTopic(topicId, by);
        throw notFound('grant');
      }
      needs.announce({ kind: 'topic', id: topicId });
      await needs.cancelWaiting(topicId);
    },

    /** The reader itself wants it no more. */
    async decline(id: GrantId, by: PartnerCaller): Promise<void> {
      const declined = await store.decline(id, { by, atMs: clock.now(), partnerId: by.partnerId });
      const topicId = existing(declined, 'grt');
      needs.announce({ kind: 'topic', id: topicId });
      await needs.cancelWaiting(topicId);
    },

    /** What the end of an earlier grant cancelled is sent now, as far as the present one allows; returns how many. */
    async resend(
      { topicId, readerId }: { topicId: TopicId; readerId: PartnerId },
      range: { fromMs?: number; toMs?: number },
      by: PartnerCaller,
    ): Promise<number> {
      await ownTopic(topicId, by);
      const grant = await store.find(topicId, readerId);
      if (grant === undefined) throw notFound('grant');
      const state = grantState(grant, clock.now());
      if (state !== 'active') {
        throw new Failure('conflict', `Cannot resend: the grant is ${state}, it must be active`);
      }
      const resent = await needs.resendCancelled(topicId, readerId, range);
      await needs.recordResend(grant, resent, by);
      return resent;
    },

    async listOfTopic(topicId: TopicId, by: PartnerCaller, page: PageRequest): Promise<Grant[]> {
      await ownTopic(topicId, by);
      return store.listOfTopic(topicId, page);
    },

    listMine: (by: PartnerCaller, page: PageRequest): Promise<Grant[]> =>
      store.listOfReader(by.partnerId, page),
  };
}
