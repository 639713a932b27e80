import { invalid } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import type { UserId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import { addressKey } from '@anika/runtime/address-key';
import type { Credentials } from '@anika/stores/postgres/credentials';
import type { UserStore } from '@anika/stores/postgres/users';
import type { LoginGuard } from './login-guard.ts';
import type { Passwords } from './passwords.ts';

export type CheckPasswordNeeds = {
  readonly users: Pick<UserStore, 'findCredentials'>;
  readonly passwords: Pick<Passwords, 'matches'>;
  readonly guard: LoginGuard;
  /** A wrong password is shown to the company as one at the login is. */
  readonly noteFailed: (user: User, from: { network: string; remoteAddress: string }) => void;
};

/** Of who has signed in. `path`: its field. Rejects with `validation-failed` when it is not the present one. */
export type CheckPassword = (
  id: UserId,
  given: { readonly password: string; readonly path: string; readonly remoteAddress: string },
) => Promise<Credentials>;

/** Counted as at the login: who holds a session may be guessing. */
export function createCheckPassword(needs: CheckPasswordNeeds): CheckPassword {
  return async (id, { password, path, remoteAddress }) => {
    const credentials = await needs.guard({ account: `password of ${id}`, remoteAddress }, async () => {
      const found = await needs.users.findCredentials(id);
      if (await needs.passwords.matches(password, found?.passwordHash)) return found;
      if (found !== undefined) {
        needs.noteFailed(found.user, { network: addressKey(remoteAddress), remoteAddress });
      }
      return undefined;
    });
    if (credentials === undefined) throw invalid(path, said('wrong-password'));
    return credentials;
  };
}
