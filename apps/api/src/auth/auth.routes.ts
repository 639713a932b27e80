import * as contract from '@anika/contracts/auth';
import { createPasswordReset } from '@anika/contracts/partners';
import type { Caller } from '@anika/core/access';
import type { SessionId } from '@anika/core/ids';
import type { Session } from '@anika/core/session';
import type { BrowserSessions } from '../http/browser-session.ts';
import { signedIn } from '../http/check-access.ts';
import { pageOf, pageRequest } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso } from '../http/times.ts';
import type { ReceiptKeys } from '../receipts/receipt-keys.ts';
import type { Account } from './account.ts';
import type { ResetPassword } from './reset-password.ts';
import { browserReply, NO_STORE, whoView } from './session-view.ts';
import type { Sessions } from './sessions.ts';
import type { SigningKeys } from './signing-keys.ts';

type Needs = {
  readonly sessions: Sessions;
  readonly account: Account;
  readonly resetPassword: ResetPassword;
  readonly browser: Pick<BrowserSessions, 'start' | 'forget' | 'csrfToken'>;
  readonly signingKeys: Pick<SigningKeys, 'jwks'>;
  readonly receiptKeys: Pick<ReceiptKeys, 'jwks'>;
};

export function authRoutes(needs: Needs): BoundRoute[] {
  return [
    ...sessionRoutes(needs),
    ...browserRoutes(needs),
    ...accountRoutes(needs),
    ...resetRoutes(needs),
    ...identityRoutes(needs),
  ];
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

function browserRoutes({ sessions, account, browser }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.openBrowserSession, async ({ body, remoteAddress = 'unknown' }) =>
      browserReply(await sessions.openForBrowser({ ...body, remoteAddress }), browser),
    ),
    bindRoute(contract.readBrowserSession, async ({ caller }) => {
      const by = signedIn(caller);
      const csrfToken = browser.csrfToken(sessionOf(by));
      return { body: { ...whoView(by), csrfToken }, headers: NO_STORE };
    }),
    bindRoute(contract.closeBrowserSession, async ({ caller }) => {
      const by = signedIn(caller);
      await account.endSession(sessionOf(by), by);
      return { headers: { 'Set-Cookie': browser.forget() } };
    }),
  ];
}

/** Keys have none, and are not let in here. */
function sessionOf({ sessionId }: Caller): SessionId {
  if (sessionId === undefined) throw new Error('a user has called without a session');
  return sessionId;
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

function resetRoutes({ resetPassword }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.forgotPassword, async ({ body, remoteAddress = 'unknown' }) => {
      await resetPassword.forgotten({ ...body, remoteAddress });
      return {};
    }),
    bindRoute(contract.resetPassword, async ({ body, remoteAddress }) => {
      await resetPassword.reset({ ...body, remoteAddress });
      return {};
    }),
    bindRoute(createPasswordReset, async ({ params, caller }) => {
      const { token, expiresAtMs } = await resetPassword.handOver(pathId('usr', params.id), signedIn(caller));
      return { body: { token, expiresAt: iso(expiresAtMs) }, headers: NO_STORE };
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
    bindRoute(contract.whoAmI, async ({ caller }) => ({ body: whoView(signedIn(caller)) })),
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
