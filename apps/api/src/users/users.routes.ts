import * as contract from '@anika/contracts/partners';
import { partnerCaller } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { userView } from './user-view.ts';
import type { Users } from './users.ts';

export function userRoutes(users: Users): BoundRoute[] {
  return [
    bindRoute(contract.listUsers, async ({ query, caller }) => {
      const found = await users.list(partnerCaller(caller), pageRequest(query));
      return { body: pageOf(found, query.limit, { cursor: (user) => user.id, view: userView }) };
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
