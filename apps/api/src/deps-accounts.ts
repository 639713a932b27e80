import type { UserId } from '@anika/core/ids';
import { secondFactorState } from '@anika/core/second-factor';
import { secretContext } from '@anika/core/secret-context';
import type { AuditLog } from '@anika/stores/postgres/audit-log';
import { createPasswordResetStore } from '@anika/stores/postgres/password-resets';
import { createSecondFactorStore } from '@anika/stores/postgres/second-factors';
import type { UserStore } from '@anika/stores/postgres/users';
import { createAccountMails } from './auth/account-mails.ts';
import { createChallenges } from './auth/challenges.ts';
import { createCheckFactor } from './auth/check-factor.ts';
import { createCheckPassword } from './auth/check-password.ts';
import { createFailedLogins, type FailedLogins } from './auth/failed-logins.ts';
import { createLoginGuard } from './auth/login-guard.ts';
import type { Passwords } from './auth/passwords.ts';
import { createResetPassword } from './auth/reset-password.ts';
import { createSecondFactors } from './auth/second-factor.ts';
import type { ApiConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';

const LOGIN_PAIR = { name: 'login-pair', points: 10, perSeconds: 900 };
const LOGIN_ADDRESS = { name: 'login-address', points: 100, perSeconds: 900 };
/** Whoever made more would fill somebody's mailbox, or find out by trying. */
const FORGOTTEN = {
  network: { name: 'forgotten-network', points: 20, perSeconds: 900 },
  address: { name: 'forgotten-address', points: 3, perSeconds: 3600 },
};
/** Three of a million codes are good at a time: a day of guessing finds one with 1 : 16,000. */
const CODES = [
  { name: 'totp-code', points: 5, perSeconds: 900 },
  { name: 'totp-code-day', points: 20, perSeconds: 86_400 },
];
/** Too many to guess: counted apart, so that who has the password cannot lock out who has these. */
const RECOVERY_CODES = [{ name: 'recovery-code', points: 10, perSeconds: 900 }];

type Needs = { readonly passwords: Passwords; readonly users: UserStore; readonly audit: AuditLog };

export type Accounts = ReturnType<typeof composeAccounts>;

/** What a login asks for, and how people come in again who have lost it. */
export function composeAccounts(
  config: ApiConfig,
  infrastructure: Infrastructure,
  { passwords, users, audit }: Needs,
) {
  const { postgres, clock, changes, logger, postbox, rateLimit, secretBox } = infrastructure;
  const { announce } = changes;
  const { ANIKA_PUBLIC_URL: publicUrl } = config;
  const mails = createAccountMails({ post: postbox.post, publicUrl });
  const resets = createPasswordResetStore(postgres);
  const factorStore = createSecondFactorStore(postgres);

  const guard = createLoginGuard({
    throttle: { pair: rateLimit(LOGIN_PAIR), address: rateLimit(LOGIN_ADDRESS) },
  });
  const failed = (action: string) =>
    createFailedLogins({
      record: (one) => recordFailed(audit, action, { ...one, atMs: clock.now() }),
      clock,
    });
  const [failedLogins, failedCodes] = [failed('login.failed'), failed('second-factor.failed')];
  const checkPassword = createCheckPassword({ users, passwords, guard, noteFailed: failedLogins.note });

  const box = {
    seal: (plain: string, userId: UserId) => secretBox.seal(plain, secretContext.secondFactor(userId)),
    open: (sealed: string, userId: UserId) => secretBox.open(sealed, secretContext.secondFactor(userId)),
  };
  const checkFactor = createCheckFactor({
    store: factorStore,
    openSecret: box.open,
    throttles: { code: CODES.map(rateLimit), recoveryCode: RECOVERY_CODES.map(rateLimit) },
    noteFailed: failedCodes.note,
    recoveryCodeUsed: ({ email }) =>
      mails.secondFactor({ to: email, what: 'recovery-code', atMs: clock.now() }),
    clock,
  });

  return {
    guard,
    failedLogins,
    checkPassword,
    checkFactor,
    challenges: createChallenges({ secretBox, clock }),
    factors: createSecondFactors({
      store: factorStore,
      users,
      checkPassword,
      checkFactor,
      box,
      // Without colons: one ends the name of the issuer in an app.
      issuer: `ANIKA ${new URL(publicUrl).hostname.replaceAll(/[:[\]]/g, ' ').trim()}`,
      mails,
      announce,
      clock,
    }),
    hasSecondFactor: async (id: UserId) => secondFactorState(await factorStore.find(id)) === 'on',
    resetPassword: createResetPassword({
      store: resets,
      passwords,
      mails,
      limits: { network: rateLimit(FORGOTTEN.network), address: rateLimit(FORGOTTEN.address) },
      announce,
      failed: (error) => logger.warn({ err: error }, 'a forgotten password was not seen to'),
      clock,
    }),
    forgetExpired: () => resets.deleteExpired(clock.now()),
    async flushFailed(what: 'due' | 'all'): Promise<void> {
      await failedLogins.flush(what);
      await failedCodes.flush(what);
    },
  };
}

/** By nobody who has signed in; shown to the account's own company, with where the last one came from. */
function recordFailed(
  audit: AuditLog,
  action: string,
  failed: FailedLogins & { atMs: number },
): Promise<void> {
  const { user, attempts, networks, lastAddress, atMs } = failed;
  const by = { partnerId: user.partnerId, userId: undefined, remoteAddress: lastAddress };
  return audit.appendEvent(
    { by, atMs },
    {
      action,
      subjectId: user.id,
      partnerIds: user.partnerId === undefined ? [] : [user.partnerId],
      after: { attempts, networks },
    },
  );
}
