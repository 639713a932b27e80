import { Failure, invalid } from '@anika/core/failures';
import { passwordNamesItsUser } from '@anika/core/password-rule';
import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';

/** argon2id with the parameters OWASP recommends (m = 19 MiB, t = 2, p = 1), about 7 ms. */
const PARAMETERS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** 19 MiB each: bounds memory and leaves a core to everybody else. */
const AT_ONCE = 4;
/** Some second of work: who comes then is better off trying again. */
const MAX_WAITING = 256;

export type Passwords = {
  hash(password: string): Promise<string>;
  /** Without a hash (nobody has that name) it takes as long and says no. */
  matches(password: string, passwordHash: string | undefined): Promise<boolean>;
};

export function createPasswords(): Passwords {
  const places = pLimit(AT_ONCE);
  const limit = <T>(work: () => Promise<T>): Promise<T> => {
    if (places.pendingCount < MAX_WAITING) return places(work);
    throw new Failure('unavailable', 'Too many logins at once; try again in a second', {
      retryAfterSeconds: 1,
    });
  };
  const nobody = hash('a password that nobody has', PARAMETERS);
  return {
    hash: async (password) => limit(() => hash(password.normalize('NFKC'), PARAMETERS)),
    async matches(password, passwordHash) {
      const against = passwordHash ?? (await nobody);
      const same = await limit(() => verify(against, password.normalize('NFKC')));
      return same && passwordHash !== undefined;
    },
  };
}

/** What the form of a password cannot tell: rejects with `validation-failed` one that names its user. `path`: its field. */
export function checkNewPassword(password: string, { email, path }: { email: string; path: string }): void {
  const problem = passwordNamesItsUser(password, email);
  if (problem !== undefined) throw invalid(path, problem);
}

/** A session that was stolen must not be enough to take the account: the present password is asked for elsewhere. */
export function notTheOwnPassword(): Failure {
  return new Failure(
    'forbidden',
    'The own password is set with POST /v1/auth/password, which asks for the present one',
  );
}
