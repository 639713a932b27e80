import type { Grant, PartnerCaller } from '@anika/core/access';
import type { AccessRequest } from '@anika/core/access-request';
import type { Change } from '@anika/core/change';
import type { AccessRequestId, IdMaker, TopicId } from '@anika/core/ids';
import type { AccessRequestStore } from '@anika/stores/postgres/access-requests';
import type { GrantTerms } from '../grants/grant-terms.ts';
import type { PageRequest } from '../http/page.ts';
import { existing } from '../http/path-id.ts';

export type AccessRequestNeeds = {
  readonly store: Pick<AccessRequestStore, 'create' | 'list' | 'approve' | 'refuse' | 'withdraw'>;
  readonly announce: (change: Change) => void;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

type List = PageRequest & {
  readonly direction: 'in' | 'out';
  readonly state: AccessRequest['state'] | undefined;
};

export type AccessRequests = ReturnType<typeof createAccessRequests>;

/** A reader asks to be let into a listed topic, its owner decides. */
export function createAccessRequests(needs: AccessRequestNeeds) {
  const { store, clock } = needs;
  const asOwner = (by: PartnerCaller) => ({ by, atMs: clock.now(), ownerId: by.partnerId });
  return {
    async create(
      command: { topicId: TopicId; purpose: string; untilMs: number | undefined },
      by: PartnerCaller,
    ): Promise<AccessRequest> {
      const request = { ...command, id: needs.newId('req'), partnerId: by.partnerId };
      return existing(await store.create(request, { by, atMs: clock.now() }), 'top');
    },

    list: (by: PartnerCaller, list: List): Promise<AccessRequest[]> =>
      store.list({ ...list, partnerId: by.partnerId }),

    /** On the owner's own terms; what it says nothing of is as it was asked for: the purpose, the end date. */
    async approve(
      id: AccessRequestId,
      terms: GrantTerms,
      by: PartnerCaller,
    ): Promise<{ request: AccessRequest; grant: Grant }> {
      const decided = await store.approve(id, { ...terms, id: needs.newId('grt') }, asOwner(by));
      const { request, grant } = existing(decided, 'req');
      needs.announce({ kind: 'topic', id: request.topicId });
      return { request, grant };
    },

    refuse: async (id: AccessRequestId, reason: string, by: PartnerCaller): Promise<AccessRequest> =>
      existing(await store.refuse(id, reason, asOwner(by)), 'req'),

    withdraw: async (id: AccessRequestId, by: PartnerCaller): Promise<AccessRequest> =>
      existing(await store.withdraw(id, { by, atMs: clock.now(), partnerId: by.partnerId }), 'req'),
  };
}
