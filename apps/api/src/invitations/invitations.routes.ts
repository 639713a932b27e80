import * as contract from '@anika/contracts/invitations';
import { createUser } from '@anika/contracts/partners';
import type { Caller } from '@anika/core/access';
import { partnerCaller, signedIn } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute, type Reply } from '../http/route.ts';
import { invitationView } from './invitation-view.ts';
import type { Invitations } from './invitations.ts';

type Needs = { readonly invitations: Invitations; readonly clock: { now(): number } };

export function invitationRoutes({ invitations, clock }: Needs): BoundRoute[] {
  async function invite(body: Parameters<Invitations['create']>[0], by: Caller): Promise<Reply> {
    const { invitation, token } = await invitations.create(body, by);
    return {
      body: { ...invitationView(invitation, clock.now()), token },
      headers: { 'Cache-Control': 'no-store' },
    };
  }

  return [
    bindRoute(contract.createInvitation, async ({ body: { partnerId, ...body }, caller }) =>
      invite(
        { ...body, partnerId: partnerId === undefined ? undefined : pathId('par', partnerId) },
        signedIn(caller),
      ),
    ),
    bindRoute(createUser, async ({ body, caller }) => invite(body, partnerCaller(caller))),
    bindRoute(contract.listInvitations, async ({ query, caller }) => {
      const found = await invitations.list(signedIn(caller), pageRequest(query));
      const view = (invitation: (typeof found)[number]) => invitationView(invitation, clock.now());
      return { body: pageOf(found, query.limit, { cursor: ({ id }) => id, view }) };
    }),
    bindRoute(contract.withdrawInvitation, async ({ params, caller }) => {
      await invitations.withdraw(pathId('inv', params.id), signedIn(caller));
      return {};
    }),
    bindRoute(contract.acceptInvitation, async ({ body, remoteAddress }) => {
      const { email, role } = await invitations.accept({ ...body, remoteAddress });
      return { body: { email, role } };
    }),
  ];
}
