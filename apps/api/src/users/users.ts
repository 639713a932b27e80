import type { Caller, PartnerCaller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import { invalid, notFound } from '@anika/core/failures';
import type { PartnerId, UserId } from '@anika/core/ids';
import type { MemberRole } from '@anika/core/invitation';
import type { ListedUser, User } from '@anika/core/user';
import type { UserStore } from '@anika/stores/postgres/users';
import { checkNewPassword, notTheOwnPassword, type Passwords } from '../auth/passwords.ts';
import type { PageRequest } from '../http/page.ts';
import { existing } from '../http/path-id.ts';

export type UserNeeds = {
  readonly store: Pick<UserStore, 'list' | 'update' | 'remove' | 'find'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly announce: (change: Change) => void;
  readonly clock: { now(): number };
};

export type Users = ReturnType<typeof createUsers>;

/** The users of the caller's own partner. The last admin stays one. */
export function createUsers(needs: UserNeeds) {
  const { store, clock } = needs;
  const changeBy = (by: PartnerCaller) => ({ by, atMs: clock.now(), partnerId: by.partnerId });

  async function newHash(id: UserId, password: string, by: PartnerCaller): Promise<string> {
    if (id === by.userId) throw notTheOwnPassword();
    const found = (await store.find(id))?.user;
    if (found === undefined || found.partnerId !== by.partnerId) throw notFound('user');
    checkNewPassword(password, { email: found.email, path: 'password' });
    return needs.passwords.hash(password);
  }

  return {
    /** For an operator, the admins of a company: whose way in may have to be opened again. */
    async list(named: PartnerId | undefined, by: Caller, page: PageRequest): Promise<ListedUser[]> {
      if (by.partnerId !== undefined) {
        if (named !== undefined) throw invalid('partnerId', 'is for operators: you see your own company');
        return store.list(by.partnerId, page);
      }
      if (named === undefined) throw invalid('partnerId', 'is missing: of which company?');
      return store.list(named, { ...page, role: 'admin' });
    },

    async update(
      id: UserId,
      patch: { role?: MemberRole | undefined; password?: string | undefined },
      by: PartnerCaller,
    ): Promise<User> {
      const { role, password } = patch;
      const passwordHash = password === undefined ? undefined : await newHash(id, password, by);
      const user = existing(await store.update(id, { role, passwordHash }, changeBy(by)), 'usr');
      needs.announce({ kind: 'user', id });
      return user;
    },

    async remove(id: UserId, by: PartnerCaller): Promise<void> {
      if (!(await store.remove(id, changeBy(by)))) throw notFound('user');
      needs.announce({ kind: 'user', id });
    },
  };
}
