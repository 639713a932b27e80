import type { Caller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import { Failure, invalid, notFound } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import type { UserId } from '@anika/core/ids';
import { type SecondFactorState, secondFactorState } from '@anika/core/second-factor';
import type { SecondFactorStore } from '@anika/stores/postgres/second-factors';
import type { UserStore } from '@anika/stores/postgres/users';
import type { AccountMails } from './account-mails.ts';
import type { CheckFactor, FactorProof } from './check-factor.ts';
import type { CheckPassword } from './check-password.ts';
import type { FactorBox } from './factor-box.ts';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.ts';
import { issuerOf, newTotpSecret, stepOfCode, totpUri } from './totp-codes.ts';

export type SecondFactorNeeds = {
  readonly store: Omit<SecondFactorStore, 'useStep' | 'useRecoveryCode'>;
  readonly users: Pick<UserStore, 'find' | 'mustHaveFactor'>;
  readonly checkPassword: CheckPassword;
  readonly checkFactor: CheckFactor;
  readonly box: FactorBox;
  /** Names the account in an app, beside the email. */
  readonly publicUrl: string;
  readonly mails: Pick<AccountMails, 'secondFactor'>;
  readonly announce: (change: Change) => void;
  readonly clock: { now(): number };
};

export type OwnFactor = {
  readonly state: SecondFactorState;
  readonly sinceMs: number | undefined;
  readonly recoveryCodesLeft: number;
  /** The company demands it of all its users. */
  readonly required: boolean;
};

export type SecondFactors = ReturnType<typeof createSecondFactors>;

/** What users do with their own second factor, and admins with one that a colleague has lost. */
export function createSecondFactors(needs: SecondFactorNeeds) {
  const { store, clock } = needs;
  const issuer = issuerOf(needs.publicUrl);

  async function userOf({ userId }: Caller) {
    const account = await needs.users.find(userId);
    if (account === undefined) throw notFound('user');
    return account.user;
  }

  function told(userId: UserId, to: string | undefined, what: 'on' | 'off' | 'taken-off'): void {
    needs.announce({ kind: 'user', id: userId });
    if (to !== undefined) needs.mails.secondFactor({ to, what, atMs: clock.now() });
  }

  return {
    /** For the rules of others, not for its user. */
    isOn: async (id: UserId): Promise<boolean> => secondFactorState(await store.find(id)) === 'on',

    async read({ userId }: Caller): Promise<OwnFactor> {
      const [factor, required] = await Promise.all([store.find(userId), needs.users.mustHaveFactor(userId)]);
      return {
        state: secondFactorState(factor),
        sinceMs: factor?.confirmedAtMs,
        recoveryCodesLeft: factor?.recoveryCodesLeft ?? 0,
        required,
      };
    },

    /** The password is asked for: who has found an open browser must not lock its owner out. */
    async begin(password: string, by: Caller): Promise<{ secret: string; uri: string }> {
      const { userId, remoteAddress = 'unknown' } = by;
      const { user } = await needs.checkPassword(userId, { password, path: 'password', remoteAddress });
      const secret = newTotpSecret();
      const begun = { userId, sealedSecret: needs.box.seal(secret, userId), atMs: clock.now() };
      if (!(await store.begin(begun))) {
        throw new Failure('conflict', 'Cannot begin: a second factor is on; end it first');
      }
      return { secret, uri: totpUri({ secret, issuer, email: user.email }) };
    },

    /** From now on a login asks for a code; all other sessions of the user are over. */
    async confirm(code: string, by: Caller): Promise<{ recoveryCodes: readonly string[] }> {
      const { userId, sessionId } = by;
      const factor = await store.find(userId);
      if (secondFactorState(factor) !== 'begun' || factor === undefined) {
        throw new Failure('conflict', 'Cannot confirm: none was begun, or it is on');
      }
      const { sealedSecret } = factor;
      const atMs = clock.now();
      const step = stepOfCode(code, { secret: needs.box.open(sealedSecret, userId), nowMs: atMs });
      if (step === undefined) throw invalid('code', said('wrong-first-code'));
      const recoveryCodes = newRecoveryCodes();
      const codeHashes = recoveryCodes.map((one) => recoveryCodeHash(userId, one));
      const confirmed = { userId, sealedSecret, step, codeHashes };
      if (!(await store.confirm(confirmed, { by, atMs, sessionId }))) {
        throw new Failure('conflict', 'Cannot confirm: another one was begun meanwhile');
      }
      told(userId, by.email, 'on');
      return { recoveryCodes };
    },

    /** New ones in place of all there were. */
    async renewRecoveryCodes(proof: FactorProof, by: Caller): Promise<{ recoveryCodes: readonly string[] }> {
      await needs.checkFactor(await userOf(by), proof, by.remoteAddress ?? 'unknown');
      const recoveryCodes = newRecoveryCodes();
      const hashes = recoveryCodes.map((one) => recoveryCodeHash(by.userId, one));
      const change = { by, atMs: clock.now() };
      if (!(await store.renewRecoveryCodes(by.userId, hashes, change))) throw notOn();
      return { recoveryCodes };
    },

    /** All other sessions of the user are over. */
    async end(proof: FactorProof | { readonly password: string }, by: Caller): Promise<void> {
      const { userId, sessionId, remoteAddress = 'unknown' } = by;
      if ('password' in proof) {
        await needs.checkPassword(userId, { password: proof.password, path: 'password', remoteAddress });
      } else {
        await needs.checkFactor(await userOf(by), proof, remoteAddress);
      }
      if (!(await store.end(userId, { by, atMs: clock.now(), sessionId }))) throw notOn();
      told(userId, by.email, 'off');
    },

    /** Of who has lost it: all sessions of that user are over, and the password alone opens the next one. */
    async takeOff(userId: UserId, by: Caller): Promise<void> {
      const user = await store.takeOff(userId, { by, atMs: clock.now() });
      if (user === undefined) throw notFound('user with a second factor');
      told(userId, user.email, 'taken-off');
    },
  };
}

function notOn(): Failure {
  return new Failure('conflict', 'No second factor is on');
}
