import type { Caller } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import type { UserId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-tokens.ts';
import { credentialHash, newRefreshToken } from './credentials.ts';
import type { Passwords } from './passwords.ts';

export type Tokens = {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
  readonly refreshToken: string;
};

type FoundUser = { readonly user: User; readonly partnerActive: boolean };
type Rotation =
  | { readonly kind: 'rotated' | 'reused'; readonly userId: UserId }
  | { readonly kind: 'invalid' };
type RateState = { readonly allowed: boolean; readonly resetSeconds: number };
type Throttle = {
  consume(who: string): Promise<RateState>;
  peek(who: string): Promise<RateState>;
  reset(who: string): Promise<void>;
};
type Issued = { hash: string; familyId: string; userId: UserId; nowMs: number; expiresAtMs: number };

export type SessionNeeds = {
  readonly users: {
    findByEmail(email: string): Promise<(FoundUser & { passwordHash: string }) | undefined>;
    find(id: UserId): Promise<FoundUser | undefined>;
  };
  readonly refreshTokens: {
    issue(token: Issued): Promise<void>;
    rotate(token: { hash: string; newHash: string; nowMs: number; expiresAtMs: number }): Promise<Rotation>;
    revokeFamilyOf(hash: string): Promise<void>;
  };
  readonly passwords: Pick<Passwords, 'matches'>;
  readonly tokens: Pick<AccessTokens, 'issue'>;
  /** Wrong passwords for one account from one address, and from one address for whatever account. */
  readonly throttle: { readonly pair: Throttle; readonly address: Throttle };
  readonly recordLogin: (by: Caller, outcome: 'succeeded' | 'token-reused') => Promise<void>;
  readonly newFamilyId: () => string;
  readonly clock: { now(): number };
};

const REFRESH_TOKEN_MS = 30 * 24 * 3_600_000;
const WRONG = 'The email or the password is wrong';

export type Sessions = ReturnType<typeof createSessions>;

/** Login, refresh with rotation, and logout. Refresh tokens are stored as hashes, in families of one login. */
export function createSessions(needs: SessionNeeds) {
  async function tokensFor(user: User, refreshToken: string): Promise<Tokens> {
    const accessToken = await needs.tokens.issue(user);
    return { accessToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_SECONDS, refreshToken };
  }

  /** Counted before the password is looked at, so that many at once count as many. */
  async function throttled(email: string, remoteAddress: string): Promise<string> {
    const pair = `${remoteAddress} ${email}`;
    const states = [
      await needs.throttle.address.peek(remoteAddress),
      await needs.throttle.pair.consume(pair),
    ];
    const refused = states.find((state) => !state.allowed);
    if (refused !== undefined) {
      throw new Failure('rate-limited', `Too many attempts; try again in ${refused.resetSeconds} s`, {
        retryAfterSeconds: refused.resetSeconds,
      });
    }
    return pair;
  }

  return {
    /** Unknown users, wrong passwords and suspended partners get the same answer in the same time. */
    async login(command: { email: string; password: string; remoteAddress: string }): Promise<Tokens> {
      const email = command.email.trim().toLowerCase();
      const pair = await throttled(email, command.remoteAddress);
      const found = await needs.users.findByEmail(email);
      const matches = await needs.passwords.matches(command.password, found?.passwordHash);
      if (found === undefined || !matches || !found.partnerActive) {
        await needs.throttle.address.consume(command.remoteAddress);
        throw new Failure('unauthenticated', WRONG);
      }
      await needs.throttle.pair.reset(pair);
      const refreshToken = newRefreshToken();
      const nowMs = needs.clock.now();
      await needs.refreshTokens.issue({
        hash: credentialHash(refreshToken),
        familyId: needs.newFamilyId(),
        userId: found.user.id,
        nowMs,
        expiresAtMs: nowMs + REFRESH_TOKEN_MS,
      });
      await needs.recordLogin(callerOf(found.user, command.remoteAddress), 'succeeded');
      return tokensFor(found.user, refreshToken);
    },

    /** A token that was used before ends every session of its family: one of its two holders is a thief. */
    async refresh(command: { refreshToken: string; remoteAddress: string }): Promise<Tokens> {
      const refreshToken = newRefreshToken();
      const nowMs = needs.clock.now();
      const rotation = await needs.refreshTokens.rotate({
        hash: credentialHash(command.refreshToken),
        newHash: credentialHash(refreshToken),
        nowMs,
        expiresAtMs: nowMs + REFRESH_TOKEN_MS,
      });
      const found = rotation.kind === 'invalid' ? undefined : await needs.users.find(rotation.userId);
      if (rotation.kind === 'reused' && found !== undefined) {
        await needs.recordLogin(callerOf(found.user, command.remoteAddress), 'token-reused');
      }
      if (rotation.kind !== 'rotated' || found === undefined || !found.partnerActive) {
        throw new Failure('unauthenticated', 'The refresh token is not valid any more; log in again');
      }
      return tokensFor(found.user, refreshToken);
    },

    logout: (refreshToken: string): Promise<void> =>
      needs.refreshTokens.revokeFamilyOf(credentialHash(refreshToken)),
  };
}

function callerOf(user: User, remoteAddress: string): Caller {
  const { id, partnerId, role, email } = user;
  return { kind: 'user', userId: id, partnerId, role, email, remoteAddress };
}
