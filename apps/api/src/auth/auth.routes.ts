import * as contract from '@anika/contracts/auth';
import type { Caller } from '@anika/core/access';
import type { Session } from '@anika/core/session';
import { signedIn } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso } from '../http/times.ts';
import type { ReceiptKeys } from '../receipts/receipt-keys.ts';
import type { Account } from './account.ts';
import type { Sessions } from './sessions.ts';
import type { SigningKeys } from './signing-keys.ts';

type Needs = {
  readonly sessions: Sessions;
  readonly account: Account;
  readonly signingKeys: Pick<SigningKeys, 'jwks'>;
  readonly receiptKeys: Pick<ReceiptKeys, 'jwks'>;
};

/** No cache on the way may keep a credential (RFC 6749 §5.1). */
const NO_STORE = { 'Cache-Control': 'no-store' };

export function authRoutes(needs: Needs): BoundRoute[] {
  return [...sessionRoutes(needs), ...accountRoutes(needs), ...identityRoutes(needs)];
}

function sessionRoutes({ sessions }: Needs): BoundRoute[] {
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
  ];
}

function accountRoutes({ account }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.changePassword, async ({ body, caller }) => ({
      body: await account.changePassword(body, signedIn(caller)),
      headers: NO_STORE,
    })),
    bindRoute(contract.listSessions, async ({ query, caller }) => {
      const by = signedIn(caller);
      const found = await account.sessions(by, pageRequest(query));
      const view = (session: Session) => sessionView(session, by);
      return { body: pageOf(found, query.limit, { cursor: ({ id }) => id, view }) };
    }),
    bindRoute(contract.endSessions, async ({ caller }) => {
      await account.endAllSessions(signedIn(caller));
      return {};
    }),
    bindRoute(contract.endSession, async ({ params, caller }) => {
      await account.endSession(pathId('ses', params.id), signedIn(caller));
      return {};
    }),
  ];
}

function sessionView(session: Session, by: Caller) {
  const { id, remoteAddress, createdAtMs, lastUsedAtMs, expiresAtMs } = session;
  return {
    id,
    current: id === by.sessionId,
    remoteAddress: remoteAddress ?? null,
    createdAt: iso(createdAtMs),
    lastUsedAt: iso(lastUsedAtMs),
    expiresAt: iso(expiresAtMs),
  };
}

function identityRoutes({ signingKeys, receiptKeys }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.whoAmI, async (request) => {
      const { userId, partnerId, role, email } = signedIn(request.caller);
      return { body: { userId, partnerId: partnerId ?? null, role, email: email ?? null } };
    }),
    bindRoute(contract.jwks, async () => ({
      body: { keys: [...(await signingKeys.jwks()).keys, ...(await receiptKeys.jwks())] },
      headers: { 'Cache-Control': 'public, max-age=60' },
    })),
    bindRoute(contract.verifyForGateway, async (request) => {
      const { userId, partnerId, role } = signedIn(request.caller);
      return { headers: { 'X-User-Id': userId, 'X-Partner-Id': partnerId ?? '', 'X-Role': role } };
    }),
  ];
}
