import { createPasswordResetStore } from '@anika/stores/postgres/password-resets';
import { createAccountMails } from './auth/account-mails.ts';
import type { Passwords } from './auth/passwords.ts';
import { createResetPassword } from './auth/reset-password.ts';
import type { ApiConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';

/** Whoever made more would fill somebody's mailbox, or find out by trying. */
const FORGOTTEN = {
  network: { name: 'forgotten-network', points: 20, perSeconds: 900 },
  address: { name: 'forgotten-address', points: 3, perSeconds: 3600 },
};

/** How people come in again who cannot log in. */
export function composeAccounts(
  config: ApiConfig,
  infrastructure: Infrastructure,
  { passwords }: { passwords: Passwords },
) {
  const { postgres, clock, changes, logger, postbox, rateLimit } = infrastructure;
  const mails = createAccountMails({ post: postbox.post, publicUrl: config.ANIKA_PUBLIC_URL });
  const store = createPasswordResetStore(postgres);
  return {
    resetPassword: createResetPassword({
      store,
      passwords,
      mails,
      limits: { network: rateLimit(FORGOTTEN.network), address: rateLimit(FORGOTTEN.address) },
      announce: changes.announce,
      failed: (error) => logger.warn({ err: error }, 'a forgotten password was not seen to'),
      clock,
    }),
    forgetExpired: () => store.deleteExpired(clock.now()),
  };
}
