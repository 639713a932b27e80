/**
 * Of a user: codes that an app makes from a shared secret (TOTP, RFC 6238). `begun`: the secret was shown, and no code of
 * it has come yet; a login does not ask for one.
 */
export const SECOND_FACTOR_STATES = ['off', 'begun', 'on'] as const;
export type SecondFactorState = (typeof SECOND_FACTOR_STATES)[number];

/** Times are milliseconds since the epoch. */
export type SecondFactor = {
  readonly sealedSecret: string;
  /** Undefined: begun. */
  readonly confirmedAtMs: number | undefined;
  readonly recoveryCodesLeft: number;
};

export function secondFactorState(
  factor: Pick<SecondFactor, 'confirmedAtMs'> | undefined,
): SecondFactorState {
  if (factor === undefined) return 'off';
  return factor.confirmedAtMs === undefined ? 'begun' : 'on';
}

/** How often a code changes (RFC 6238 §5.2 recommends it). */
export const STEP_MS = 30_000;
/** Codes of so many steps before and after are good as well: clocks differ, and people type slowly. */
export const STEPS_OF_DRIFT = 1;
export const RECOVERY_CODES = 10;
/** Between the password and the code. */
export const CHALLENGE_MS = 5 * 60_000;

/** The number of the step that a time lies in. */
export function stepAt(ms: number): number {
  return Math.floor(ms / STEP_MS);
}
