import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createInvitationStore } from '@anika/stores/postgres/invitations';
import { createPasswordResetStore } from '@anika/stores/postgres/password-resets';
import { createRefreshTokenStore } from '@anika/stores/postgres/refresh-tokens';
import { createSessionStore } from '@anika/stores/postgres/sessions';
import type { LastUsed } from './api-keys/last-used.ts';
import type { FailedLoginCounts } from './auth/failed-logins.ts';
import type { Infrastructure } from './infrastructure.ts';

const LAST_USED_EVERY_MS = 30_000;
const FAILED_LOOK_MS = 2000;
const EXPIRED_EVERY_MS = 3_600_000;
/** Invitations that have ended are shown for a while. */
const KEEP_INVITATIONS_MS = 30 * 24 * 3_600_000;

type Noted = {
  readonly lastUsed: LastUsed;
  readonly failedLogins: FailedLoginCounts;
  readonly failedCodes: FailedLoginCounts;
};

/** What is written once in a while, and at the end; and what is forgotten. */
export function startTidying(
  { postgres, clock, logger }: Infrastructure,
  lifecycle: Lifecycle,
  { lastUsed, failedLogins, failedCodes }: Noted,
): void {
  const every = (everyMs: number, task: string, work: () => Promise<unknown>) => {
    const options = { everyMs, logger: logger.child({ task }), first: 'later' } as const;
    lifecycle.onClose(
      task,
      startTicker(async () => void (await work()), options),
    );
  };
  const [tokens, sessions] = [createRefreshTokenStore(postgres), createSessionStore(postgres)];
  const [resets, invitations] = [createPasswordResetStore(postgres), createInvitationStore(postgres)];
  lifecycle.onClose('last use of API keys, the rest', lastUsed.flush);
  lifecycle.onClose('failed logins, the rest', () => failedLogins.flush('all'));
  lifecycle.onClose('failed codes, the rest', () => failedCodes.flush('all'));
  every(LAST_USED_EVERY_MS, 'last use of API keys', lastUsed.flush);
  every(FAILED_LOOK_MS, 'failed logins', () => failedLogins.flush('due'));
  every(FAILED_LOOK_MS, 'failed codes', () => failedCodes.flush('due'));
  every(EXPIRED_EVERY_MS, 'expired refresh tokens', () => tokens.deleteExpired(clock.now()));
  every(EXPIRED_EVERY_MS, 'expired sessions', () => sessions.deleteExpired(clock.now()));
  every(EXPIRED_EVERY_MS, 'expired links to set a password', () => resets.deleteExpired(clock.now()));
  every(EXPIRED_EVERY_MS, 'ended invitations', () =>
    invitations.deleteEnded(clock.now() - KEEP_INVITATIONS_MS),
  );
}
