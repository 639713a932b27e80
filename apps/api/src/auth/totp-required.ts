import { CHALLENGE_MS } from '@anika/core/second-factor';
import { HttpFailure } from '../http/problem.ts';

/** The password was right, and is not all. The answer has what the second step of the login begins with. */
export function totpRequired(token: string): HttpFailure {
  const detail = 'This account has a second factor: send its code, or a recovery code, with the challenge';
  const challenge = { token, expiresIn: CHALLENGE_MS / 1000 };
  return new HttpFailure('totp-required', detail, { 'Cache-Control': 'no-store' }, { challenge });
}
