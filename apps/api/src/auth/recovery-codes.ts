import { createHash, randomBytes } from 'node:crypto';
import { base32, type UserId } from '@anika/core/ids';
import { RECOVERY_CODES } from '@anika/core/second-factor';

/** 80 bits: too many to try, also for who has stolen the hashes. */
const BYTES = 10;
const GROUP = /.{4}(?=.)/g;

/** Each as `7x2k-…`: 16 characters in fours, without `i`, `l`, `o` and `u`. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => base32(randomBytes(BYTES)).replace(GROUP, '$&-'));
}

/** What is stored of one, however it is typed: letters that look like digits are those. Of two users it differs. */
export function recoveryCodeHash(userId: UserId, code: string): string {
  const letters = code.toLowerCase().replace(/[^0-9a-z]/g, '');
  const plain = letters.replaceAll('o', '0').replaceAll(/[il]/g, '1');
  return createHash('sha256').update(`recovery code of ${userId}: ${plain}`).digest('hex');
}
