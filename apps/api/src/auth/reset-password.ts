import type { Caller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import { notFound } from '@anika/core/failures';
import type { UserId } from '@anika/core/ids';
import { HANDED_RESET_MS, MAILED_RESET_MS } from '@anika/core/password-reset';
import { addressKey } from '@anika/runtime/address-key';
import type { PasswordResetStore } from '@anika/stores/postgres/password-resets';
import pLimit from 'p-limit';
import type { AccountMails } from './account-mails.ts';
import { credentialHash, emailMark, isWellFormed, newCredential } from './credentials.ts';
import { tooMany } from './login-guard.ts';
import { checkNewPassword, type Passwords } from './passwords.ts';

type Limit = { consume(who: string): Promise<{ allowed: boolean; resetSeconds: number }> };

export type ResetPasswordNeeds = {
  readonly store: Pick<PasswordResetStore, 'ask' | 'make' | 'findOpen' | 'use'>;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly mails: Pick<AccountMails, 'passwordForgotten' | 'passwordReset'>;
  readonly rateLimit: (rule: typeof OF_NETWORK | typeof OF_ADDRESS) => Limit;
  readonly announce: (change: Change) => void;
  readonly failed: (error: unknown) => void;
  readonly clock: { now(): number };
};

/**
 * How often it is asked from one network, for whatever address; and for one address, wherever from. Whoever made more
 * would fill somebody's mailbox, or find out by trying.
 */
const OF_NETWORK = { name: 'forgotten-network', points: 20, perSeconds: 900 };
const OF_ADDRESS = { name: 'forgotten-address', points: 3, perSeconds: 3600 };

type Asked = { readonly email: string; readonly remoteAddress: string };
type Reset = {
  readonly token: string;
  readonly password: string;
  readonly remoteAddress: string | undefined;
};

/** What is asked for is done at leisure, and beyond so much not at all. */
const AT_ONCE = 2;
const WAITING_MAX = 200;

export type ResetPassword = ReturnType<typeof createResetPassword>;

/** A new password for who has none that works: by a link that is mailed, or handed over. */
export function createResetPassword(needs: ResetPasswordNeeds) {
  const { store, clock } = needs;
  const limits = { network: needs.rateLimit(OF_NETWORK), address: needs.rateLimit(OF_ADDRESS) };
  const places = pLimit(AT_ONCE);

  async function ask({ email, remoteAddress }: Asked): Promise<void> {
    if (!(await limits.address.consume(emailMark(email))).allowed) return;
    const token = newCredential('reset');
    const atMs = clock.now();
    const expiresAtMs = atMs + MAILED_RESET_MS;
    const user = await store.ask({
      email,
      tokenHash: credentialHash(token),
      atMs,
      expiresAtMs,
      remoteAddress,
    });
    if (user !== undefined) needs.mails.passwordForgotten({ to: user.email, token, expiresAtMs });
  }

  return {
    /**
     * Rejects with `rate-limited` by the network alone. Whatever depends on the address is done after the answer, so
     * that neither the answer nor its time tells who has an account.
     */
    async forgotten(asked: Asked): Promise<void> {
      const state = await limits.network.consume(addressKey(asked.remoteAddress));
      if (!state.allowed) throw tooMany(state.resetSeconds);
      if (places.pendingCount >= WAITING_MAX) return needs.failed(new Error('too many wait'));
      places(() => ask(asked)).catch(needs.failed);
    },

    /** A link to hand over; one made before for the same user opens nothing any more. */
    async handOver(userId: UserId, by: Caller): Promise<{ token: string; expiresAtMs: number }> {
      const token = newCredential('reset');
      const atMs = clock.now();
      const expiresAtMs = atMs + HANDED_RESET_MS;
      const made = { userId, tokenHash: credentialHash(token), atMs, expiresAtMs };
      if ((await store.make(made, { by, atMs })) === undefined) throw notFound('user');
      return { token, expiresAtMs };
    },

    /** What is wrong with a password is told before the token is used up. */
    async reset({ token, password, remoteAddress }: Reset): Promise<void> {
      const tokenHash = credentialHash(token);
      const wellFormed = isWellFormed('reset', token);
      const open = wellFormed ? await store.findOpen(tokenHash, clock.now()) : undefined;
      if (open === undefined) throw notFound('open link');
      checkNewPassword(password, { email: open.user.email, path: 'password' });
      const passwordHash = await needs.passwords.hash(password);
      const user = await store.use({ tokenHash, passwordHash, atMs: clock.now(), remoteAddress });
      if (user === undefined) throw notFound('open link');
      needs.announce({ kind: 'user', id: user.id });
      needs.mails.passwordReset({ to: user.email, atMs: clock.now() });
    },
  };
}
