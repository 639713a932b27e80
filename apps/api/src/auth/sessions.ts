import { randomBytes } from 'node:crypto';
import type { Caller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import { normalEmail } from '@anika/core/email';
import { Failure } from '@anika/core/failures';
import type { IdMaker, SessionId, UserId } from '@anika/core/ids';
import { PAGES_SESSION_MS, sessionEndMs } from '@anika/core/session';
import type { User } from '@anika/core/user';
import { addressKey } from '@anika/runtime/address-key';
import { ACCESS_TOKEN_SECONDS, type AccessTokens } from './access-tokens.ts';
import type { Challenges } from './challenges.ts';
import type { CheckFactor, FactorProof } from './check-factor.ts';
import { credentialHash, isWellFormed, newCredential, refreshTokenAfter } from './credentials.ts';
import type { LoginGuard } from './login-guard.ts';
import type { Passwords } from './passwords.ts';
import { totpRequired } from './totp-required.ts';

export type Tokens = {
  readonly accessToken: string;
  readonly tokenType: 'Bearer';
  readonly expiresIn: number;
  readonly refreshToken: string;
};

type FoundUser = { readonly user: User; readonly partnerActive: boolean };
/** Whose password was right, as they were then. */
export type Verified = FoundUser & { readonly credentialsVersion: number };
type FoundAccount = Verified & {
  readonly passwordHash: string;
  readonly hasSecondFactor: boolean;
  readonly mustSetUpFactor: boolean;
};
export type BrowserLogin = {
  readonly id: SessionId;
  readonly user: User;
  /** The company demands a second factor, and the user has none. */
  readonly mustSetUpFactor: boolean;
};
type Rotation =
  | { readonly kind: 'rotated' | 'reused'; readonly userId: UserId; readonly sessionId: SessionId }
  | { readonly kind: 'again'; readonly userId: UserId; readonly sessionId: SessionId; readonly salt: string }
  | { readonly kind: 'invalid' };
type Opened = {
  id: SessionId;
  userId: UserId;
  credentialsVersion: number;
  remoteAddress: string;
  createdAtMs: number;
  expiresAtMs: number;
  refreshToken: { hash: string; expiresAtMs: number } | undefined;
};

export type SessionNeeds = {
  readonly users: {
    findByEmail(email: string): Promise<FoundAccount | undefined>;
    findCredentials(id: UserId): Promise<FoundAccount | undefined>;
    find(id: UserId): Promise<FoundUser | undefined>;
  };
  readonly store: {
    open(session: Opened): Promise<boolean>;
    endOf(hash: string, atMs: number): Promise<SessionId | undefined>;
  };
  readonly refreshTokens: {
    rotate(use: {
      hash: string;
      salt: string;
      newHash: string;
      from: string;
      nowMs: number;
    }): Promise<Rotation>;
  };
  readonly passwords: Pick<Passwords, 'matches'>;
  readonly tokens: Pick<AccessTokens, 'issue'>;
  readonly challenges: Pick<Challenges, 'issue' | 'read'>;
  readonly checkFactor: CheckFactor;
  readonly guard: LoginGuard;
  readonly recordLogin: (by: Caller, outcome: 'succeeded' | 'token-reused') => Promise<void>;
  /** A wrong password for an account that exists. */
  readonly noteFailed: (user: User, from: { network: string; remoteAddress: string }) => void;
  readonly announce: (change: Change) => void;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

type Login = { readonly email: string; readonly password: string; readonly remoteAddress: string };
/** The second step of a login. */
type SecondStep = {
  readonly challenge: string;
  readonly proof: FactorProof;
  readonly remoteAddress: string;
};

const WRONG = 'The email or the password is wrong';
const BEGIN_ANEW = 'The login is not under way any more; begin with the password';
const OVER = 'The refresh token is not valid any more; log in again';

export type Sessions = ReturnType<typeof createSessions>;

/** Login, refresh with rotation, and logout. What a login opens is one session: all its tokens end with it. */
export function createSessions(needs: SessionNeeds) {
  /**
   * Unknown users, wrong passwords and suspended partners get the same answer in the same time. Rejects with
   * `totp-required` where the password is not all.
   */
  async function verify({ email: given, password, remoteAddress }: Login): Promise<FoundAccount> {
    const email = normalEmail(given);
    const verified = await needs.guard({ account: email, remoteAddress }, async () => {
      const found = await needs.users.findByEmail(email);
      const matches = await needs.passwords.matches(password, found?.passwordHash);
      if (found !== undefined && matches && found.partnerActive) return found;
      if (found !== undefined) {
        needs.noteFailed(found.user, { network: addressKey(remoteAddress), remoteAddress });
      }
      return undefined;
    });
    if (verified === undefined) throw new Failure('unauthenticated', WRONG);
    if (!verified.hasSecondFactor) return verified;
    const { user, credentialsVersion } = verified;
    throw totpRequired(needs.challenges.issue({ userId: user.id, credentialsVersion }));
  }

  async function verifySecond({ challenge, proof, remoteAddress }: SecondStep): Promise<FoundAccount> {
    const begun = needs.challenges.read(challenge);
    const found = begun && (await needs.users.findCredentials(begun.userId));
    const isUnderWay = found?.partnerActive && found.credentialsVersion === begun?.credentialsVersion;
    if (!found || !isUnderWay) throw new Failure('unauthenticated', BEGIN_ANEW);
    await needs.checkFactor(found.user, proof, remoteAddress);
    return found;
  }

  const verifyStep = (command: Login | SecondStep) =>
    'challenge' in command ? verifySecond(command) : verify(command);

  /** Refused when the credentials changed since they were verified: the password is an old one by now. */
  async function open(
    { user, credentialsVersion }: Verified,
    session: { remoteAddress: string; endsAtMs: (nowMs: number) => number; refreshToken: string | undefined },
  ): Promise<SessionId> {
    const { remoteAddress, refreshToken: token } = session;
    const [id, createdAtMs] = [needs.newId('ses'), needs.clock.now()];
    const expiresAtMs = session.endsAtMs(createdAtMs);
    const refreshToken = token === undefined ? undefined : { hash: credentialHash(token), expiresAtMs };
    const times = { createdAtMs, expiresAtMs };
    const opened = { id, userId: user.id, credentialsVersion, remoteAddress, refreshToken, ...times };
    if (!(await needs.store.open(opened))) throw new Failure('unauthenticated', WRONG);
    await needs.recordLogin(callerOf(user, remoteAddress), 'succeeded');
    return id;
  }

  async function tokensFor(user: User, sessionId: SessionId, refreshToken: string): Promise<Tokens> {
    const accessToken = await needs.tokens.issue(user, sessionId);
    return { accessToken, tokenType: 'Bearer', expiresIn: ACCESS_TOKEN_SECONDS, refreshToken };
  }

  async function openWithTokens(verified: Verified, remoteAddress: string): Promise<Tokens> {
    const refreshToken = newCredential('refresh');
    const endsAtMs = (nowMs: number) => sessionEndMs({ createdAtMs: nowMs, nowMs });
    const sessionId = await open(verified, { remoteAddress, endsAtMs, refreshToken });
    return tokensFor(verified.user, sessionId, refreshToken);
  }

  function openWithoutTokens(verified: Verified, remoteAddress: string): Promise<SessionId> {
    const endsAtMs = (nowMs: number) => nowMs + PAGES_SESSION_MS;
    return open(verified, { remoteAddress, endsAtMs, refreshToken: undefined });
  }

  /** A token that was used before ends its session, but for the same holder's moment: one of two is a thief. */
  async function rotate(refreshToken: string, remoteAddress: string) {
    const salt = randomBytes(16).toString('base64url');
    const rotation = await needs.refreshTokens.rotate({
      hash: credentialHash(refreshToken),
      salt,
      newHash: credentialHash(refreshTokenAfter(refreshToken, salt)),
      from: addressKey(remoteAddress),
      nowMs: needs.clock.now(),
    });
    if (rotation.kind === 'invalid') throw new Failure('unauthenticated', OVER);
    const found = await needs.users.find(rotation.userId);
    if (rotation.kind === 'reused') {
      needs.announce({ kind: 'session', id: rotation.sessionId });
      if (found !== undefined) await needs.recordLogin(callerOf(found.user, remoteAddress), 'token-reused');
    }
    if (rotation.kind === 'reused' || found === undefined || !found.partnerActive) {
      throw new Failure('unauthenticated', OVER);
    }
    const next = refreshTokenAfter(refreshToken, rotation.kind === 'again' ? rotation.salt : salt);
    return tokensFor(found.user, rotation.sessionId, next);
  }

  return {
    async login(command: Login | SecondStep): Promise<Tokens> {
      return openWithTokens(await verifyStep(command), command.remoteAddress);
    },

    openWithTokens,

    /** For the operators' pages: without tokens, and only for operators. */
    async openForPages(command: Login | SecondStep): Promise<SessionId> {
      const verified = await verifyStep(command);
      if (verified.user.role !== 'operator') throw new Failure('forbidden', 'This page is for operators');
      return openWithoutTokens(verified, command.remoteAddress);
    },

    /** For a browser, where a cookie carries it. */
    async openForBrowser(command: Login | SecondStep): Promise<BrowserLogin> {
      const verified = await verifyStep(command);
      const { user, mustSetUpFactor } = verified;
      return { id: await openWithoutTokens(verified, command.remoteAddress), user, mustSetUpFactor };
    },

    async refresh(command: { refreshToken: string; remoteAddress: string }): Promise<Tokens> {
      const { refreshToken, remoteAddress } = command;
      if (!isWellFormed('refresh', refreshToken)) throw new Failure('unauthenticated', OVER);
      return rotate(refreshToken, remoteAddress);
    },

    async logout(refreshToken: string): Promise<void> {
      if (!isWellFormed('refresh', refreshToken)) return;
      const id = await needs.store.endOf(credentialHash(refreshToken), needs.clock.now());
      if (id !== undefined) needs.announce({ kind: 'session', id });
    },
  };
}

function callerOf(user: User, remoteAddress: string): Caller {
  const { id, partnerId, role, email } = user;
  return { kind: 'user', userId: id, partnerId, role, email, remoteAddress };
}
