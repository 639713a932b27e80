import { type Failure, invalid } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import type { User } from '@anika/core/user';
import { addressKey } from '@anika/runtime/address-key';
import type { SecondFactorStore } from '@anika/stores/postgres/second-factors';
import type { AccountMails } from './account-mails.ts';
import type { FactorBox } from './factor-box.ts';
import { tooMany } from './login-guard.ts';
import { recoveryCodeHash } from './recovery-codes.ts';
import { stepOfCode } from './totp-codes.ts';

type Throttle = {
  consume(who: string): Promise<{ allowed: boolean; resetSeconds: number }>;
  giveBack(who: string): Promise<void>;
};

export type CheckFactorNeeds = {
  readonly store: Pick<SecondFactorStore, 'find' | 'useStep' | 'useRecoveryCode'>;
  readonly box: Pick<FactorBox, 'open'>;
  readonly rateLimit: (rule: (typeof OF_CODES)[number]) => Throttle;
  readonly noteFailed: (user: User, from: { network: string; remoteAddress: string }) => void;
  readonly mails: Pick<AccountMails, 'secondFactor'>;
  readonly clock: { now(): number };
};

/**
 * Wrong codes for one account, wherever from; each of them is a right password before it. Three of a million codes are
 * good at a time: a day of guessing finds one with 1 : 16,000.
 */
const OF_CODES = [
  { name: 'totp-code', points: 5, perSeconds: 900 },
  { name: 'totp-code-day', points: 20, perSeconds: 86_400 },
];
/** Too many to guess: counted apart, so that who has the password cannot lock out who has these. */
const OF_RECOVERY_CODES = [{ name: 'recovery-code', points: 10, perSeconds: 900 }];

/** What somebody shows for the second factor. */
export type FactorProof = { readonly code: string } | { readonly recoveryCode: string };

/** Rejects with `validation-failed` for a wrong or used code, with `rate-limited` after too many. */
export type CheckFactor = (user: User, proof: FactorProof, remoteAddress: string) => Promise<void>;

/** A code of the app, good once, or one of the recovery codes. */
export function createCheckFactor(needs: CheckFactorNeeds): CheckFactor {
  const { store, clock, mails } = needs;
  const throttles = {
    code: OF_CODES.map(needs.rateLimit),
    recoveryCode: OF_RECOVERY_CODES.map(needs.rateLimit),
  };

  async function usesCode({ id }: User, code: string): Promise<boolean> {
    const factor = await store.find(id);
    if (factor?.confirmedAtMs === undefined) return false;
    const secret = needs.box.open(factor.sealedSecret, id);
    const step = stepOfCode(code, { secret, nowMs: clock.now() });
    return step !== undefined && store.useStep(id, step);
  }

  async function usesRecoveryCode(user: User, code: string, remoteAddress: string): Promise<boolean> {
    const { id, partnerId, role, email } = user;
    const by = { kind: 'user', userId: id, partnerId, role, email, remoteAddress } as const;
    const use = { userId: id, hash: recoveryCodeHash(id, code) };
    const left = await store.useRecoveryCode(use, { by, atMs: clock.now() });
    if (left !== undefined) mails.secondFactor({ to: email, what: 'recovery-code', atMs: clock.now() });
    return left !== undefined;
  }

  return async (user, proof, remoteAddress) => {
    const isCode = 'code' in proof;
    const counted = isCode ? throttles.code : throttles.recoveryCode;
    const giveBack = () => Promise.all(counted.map((throttle) => throttle.giveBack(user.id)));
    // Counted before they are looked at, so that many at once count as many.
    const states = await Promise.all(counted.map((throttle) => throttle.consume(user.id)));
    const refused = states.filter(({ allowed }) => !allowed).map(({ resetSeconds }) => resetSeconds);
    if (refused.length > 0) {
      await giveBack();
      throw tooMany(Math.max(...refused));
    }
    const right = isCode
      ? await usesCode(user, proof.code)
      : await usesRecoveryCode(user, proof.recoveryCode, remoteAddress);
    if (right) {
      await giveBack();
      return;
    }
    needs.noteFailed(user, { network: addressKey(remoteAddress), remoteAddress });
    throw wrong(isCode ? 'code' : 'recoveryCode');
  };
}

function wrong(path: 'code' | 'recoveryCode'): Failure {
  return invalid(path, said('wrong-code'));
}
