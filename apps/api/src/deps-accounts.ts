import { createAuditLog } from '@anika/stores/postgres/audit-log';
import { createPasswordResetStore } from '@anika/stores/postgres/password-resets';
import { createRefreshTokenStore } from '@anika/stores/postgres/refresh-tokens';
import { createSessionStore } from '@anika/stores/postgres/sessions';
import { createUserStore } from '@anika/stores/postgres/users';
import type { AccessTokens } from './auth/access-tokens.ts';
import { createAccount } from './auth/account.ts';
import { createAccountMails } from './auth/account-mails.ts';
import { createChallenges } from './auth/challenges.ts';
import { createCheckPassword } from './auth/check-password.ts';
import { createFailedLogins } from './auth/failed-logins.ts';
import { createLoginGuard } from './auth/login-guard.ts';
import type { Passwords } from './auth/passwords.ts';
import { createRecordLogins } from './auth/record-logins.ts';
import { createResetPassword } from './auth/reset-password.ts';
import { createSessions } from './auth/sessions.ts';
import type { ApiConfig } from './config.ts';
import { composeFactors } from './deps-factors.ts';
import type { Infrastructure } from './infrastructure.ts';

type Needs = { readonly passwords: Passwords; readonly tokens: AccessTokens };

/** What a login asks for and opens, and how people come in again who have lost it. */
export function composeAccounts(config: ApiConfig, infrastructure: Infrastructure, needs: Needs) {
  const { postgres, clock, newId, changes, logger, postbox, rateLimit, secretBox } = infrastructure;
  const { ANIKA_PUBLIC_URL: publicUrl } = config;
  const users = createUserStore(postgres);
  const store = createSessionStore(postgres);
  const mails = createAccountMails({ post: postbox.post, publicUrl });
  const record = createRecordLogins({ append: createAuditLog(postgres).appendEvent, clock });
  const guard = createLoginGuard({ rateLimit });
  const failedLogins = createFailedLogins({ record: record.failed('login'), clock });
  const failedCodes = createFailedLogins({ record: record.failed('second-factor'), clock });
  const people = { ...needs, users, guard, mails, announce: changes.announce, rateLimit, newId, clock };
  const shared = { ...people, noteFailed: failedLogins.note };
  const checkPassword = createCheckPassword(shared);
  const byCode = { ...people, checkPassword, noteFailed: failedCodes.note };
  const { checkFactor, factors } = composeFactors(config, infrastructure, byCode);
  const sessions = createSessions({
    ...shared,
    store,
    refreshTokens: createRefreshTokenStore(postgres),
    challenges: createChallenges({ secretBox, clock }),
    checkFactor,
    recordLogin: record.login,
  });
  return {
    failedLogins,
    failedCodes,
    factors,
    sessions,
    account: createAccount({ ...shared, store, checkPassword, open: sessions.openWithTokens }),
    resetPassword: createResetPassword({
      ...shared,
      store: createPasswordResetStore(postgres),
      failed: (error) => logger.warn({ err: error }, 'a forgotten password was not seen to'),
    }),
  };
}
