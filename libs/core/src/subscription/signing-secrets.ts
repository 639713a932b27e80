import { Failure } from '../failures.ts';

/** A secret that was replaced and signs beside the present one until the end it was promised. */
export type EarlierSecret = { readonly sealed: string; readonly untilMs: number };

export type SigningSecrets = {
  /** Sealed. */
  readonly present: string;
  /** The newest first. */
  readonly earlier: readonly EarlierSecret[];
};

/** Each signs every request: so many are one header of half a kilobyte. */
export const EARLIER_SECRETS_MAX = 5;

/** Those that sign at that moment. */
export function inGrace({ present, earlier }: SigningSecrets, nowMs: number): SigningSecrets {
  return { present, earlier: earlier.filter(({ untilMs }) => untilMs > nowMs) };
}

/**
 * A new secret signs from now on. What was promised to an earlier one stays as it was; without a grace all of them
 * end at once.
 * @throws Failure `conflict` where too many would sign
 */
export function rotate(
  secrets: SigningSecrets,
  next: { readonly sealed: string; readonly graceMs: number; readonly nowMs: number },
): SigningSecrets {
  if (next.graceMs === 0) return { present: next.sealed, earlier: [] };
  const { present, earlier } = inGrace(secrets, next.nowMs);
  if (earlier.length >= EARLIER_SECRETS_MAX) {
    const firstEndMs = Math.min(...earlier.map(({ untilMs }) => untilMs));
    throw new Failure(
      'conflict',
      `Cannot rotate: ${earlier.length} earlier secrets still sign, the first of them until ` +
        `${new Date(firstEndMs).toISOString()}; wait for that, or end them all with "graceSeconds": 0`,
    );
  }
  return {
    present: next.sealed,
    earlier: [{ sealed: present, untilMs: next.nowMs + next.graceMs }, ...earlier],
  };
}
