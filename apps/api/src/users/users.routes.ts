import * as contract from '@anika/contracts/partners';
import type { ListedUser } from '@anika/core/user';
import { partnerCaller, signedIn } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { userView } from './user-view.ts';
import type { Users } from './users.ts';

export function userRoutes(users: Users): BoundRoute[] {
  return [
    bindRoute(contract.listUsers, async ({ query, caller }) => {
      const named = query.partnerId === undefined ? undefined : pathId('par', query.partnerId);
      const found = await users.list(named, signedIn(caller), pageRequest(query));
      const view = (user: ListedUser) => ({ ...userView(user), secondFactor: user.hasSecondFactor });
      return { body: pageOf(found, query.limit, { cursor: (user) => user.id, view }) };
    }),
    bindRoute(contract.updateUser, async ({ params, body, caller }) => ({
      body: userView(await users.update(pathId('usr', params.id), body, partnerCaller(caller))),
    })),
    bindRoute(contract.deleteUser, async ({ params, caller }) => {
      await users.remove(pathId('usr', params.id), partnerCaller(caller));
      return {};
    }),
  ];
}
