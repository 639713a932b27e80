import type { Caller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import { Failure, notFound } from '@anika/core/failures';
import type { SessionId } from '@anika/core/ids';
import type { Session } from '@anika/core/session';
import type { SessionStore } from '@anika/stores/postgres/sessions';
import type { UserStore } from '@anika/stores/postgres/users';
import type { PageRequest } from '../http/page.ts';
import type { CheckPassword } from './check-password.ts';
import { checkNewPassword, type Passwords } from './passwords.ts';
import type { Tokens, Verified } from './sessions.ts';

export type AccountNeeds = {
  readonly users: Pick<UserStore, 'setOwnPassword'>;
  readonly store: Pick<SessionStore, 'list' | 'end' | 'endAll'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly checkPassword: CheckPassword;
  /** Opens a session for whose password was right. */
  readonly open: (verified: Verified, remoteAddress: string) => Promise<Tokens>;
  readonly announce: (change: Change) => void;
  readonly clock: { now(): number };
};

type NewPassword = { readonly currentPassword: string; readonly newPassword: string };

export type Account = ReturnType<typeof createAccount>;

/** What users do with their own account: its password and its sessions. */
export function createAccount(needs: AccountNeeds) {
  const { users, store, clock } = needs;

  return {
    /** Ends all sessions of the user and opens a new one. */
    async changePassword({ currentPassword, newPassword }: NewPassword, by: Caller): Promise<Tokens> {
      const { userId: id, remoteAddress = 'unknown' } = by;
      checkNewPassword(newPassword, { email: by.email ?? '', path: 'newPassword' });
      const given = { password: currentPassword, path: 'currentPassword', remoteAddress };
      const found = await needs.checkPassword(id, given);
      const { credentialsVersion } = found;
      const passwordHash = await needs.passwords.hash(newPassword);
      const change = { by, atMs: clock.now() };
      if (!(await users.setOwnPassword({ id, credentialsVersion, passwordHash }, change))) {
        throw new Failure('conflict', 'The password or the role was changed meanwhile; log in again');
      }
      needs.announce({ kind: 'user', id });
      return needs.open({ ...found, credentialsVersion: credentialsVersion + 1 }, remoteAddress);
    },

    sessions: (by: Caller, page: PageRequest): Promise<Session[]> =>
      store.list(by.userId, { ...page, nowMs: clock.now() }),

    async endSession(id: SessionId, by: Caller): Promise<void> {
      const ended = await store.end(id, { by, atMs: clock.now() });
      if (!ended) throw notFound('session');
      needs.announce({ kind: 'session', id });
    },

    /** Also the one that asks. */
    async endAllSessions(by: Caller): Promise<void> {
      await store.endAll({ by, atMs: clock.now() });
      needs.announce({ kind: 'user', id: by.userId });
    },
  };
}
