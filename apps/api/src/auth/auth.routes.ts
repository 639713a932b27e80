import * as contract from '@anika/contracts/auth';
import { signedIn } from '../http/check-access.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import type { Sessions } from './sessions.ts';
import type { SigningKeys } from './signing-keys.ts';

type Needs = { readonly sessions: Sessions; readonly signingKeys: Pick<SigningKeys, 'jwks'> };

/** No cache on the way may keep a credential (RFC 6749 §5.1). */
const NO_STORE = { 'Cache-Control': 'no-store' };

export function authRoutes({ sessions, signingKeys }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.login, async ({ body, remoteAddress = 'unknown' }) => ({
      body: await sessions.login({ ...body, remoteAddress }),
      headers: NO_STORE,
    })),
    bindRoute(contract.refresh, async ({ body, remoteAddress = 'unknown' }) => ({
      body: await sessions.refresh({ ...body, remoteAddress }),
      headers: NO_STORE,
    })),
    bindRoute(contract.logout, async ({ body }) => {
      await sessions.logout(body.refreshToken);
      return {};
    }),
    bindRoute(contract.whoAmI, async (request) => {
      const { userId, partnerId, role, email } = signedIn(request.caller);
      return { body: { userId, partnerId: partnerId ?? null, role, email: email ?? null } };
    }),
    bindRoute(contract.jwks, async () => ({
      body: await signingKeys.jwks(),
      headers: { 'Cache-Control': 'public, max-age=60' },
    })),
    bindRoute(contract.verifyForGateway, async (request) => {
      const { userId, partnerId, role } = signedIn(request.caller);
      return { headers: { 'X-User-Id': userId, 'X-Partner-Id': partnerId ?? '', 'X-Role': role } };
    }),
  ];
}
