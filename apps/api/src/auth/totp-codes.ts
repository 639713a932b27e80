import { STEP_MS, STEPS_OF_DRIFT, stepAt } from '@anika/core/second-factor';
import { Secret, TOTP } from 'otpauth';

/** What every app understands (RFC 6238): others, such as SHA-256 or eight digits, some apps ignore silently. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: STEP_MS / 1000 } as const;
/** As long as the hash (RFC 4226 §4, R6). */
const SECRET_BYTES = 20;

/** In base32, as people type it. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** One installation among others in an app. Without colons: one ends the name of the issuer there. */
export function issuerOf(publicUrl: string): string {
  return `ANIKA ${new URL(publicUrl).hostname.replaceAll(/[:[\]]/g, ' ').trim()}`;
}

/** What an app reads as a QR code. `issuer` tells one installation from another. */
export function totpUri({
  secret,
  issuer,
  email,
}: {
  secret: string;
  issuer: string;
  email: string;
}): string {
  return new TOTP({ ...PARAMETERS, issuer, label: email, secret: Secret.fromBase32(secret) }).toString();
}

/** As typed: the library takes bytes for digits, and throws for others. */
const CODE = /^[0-9]{6}$/;

/** The number of the step that a code is of. Undefined: of none near `nowMs`. */
export function stepOfCode(code: string, { secret, nowMs }: { secret: string; nowMs: number }) {
  if (!CODE.test(code)) return undefined;
  const delta = TOTP.validate({
    ...PARAMETERS,
    token: code,
    secret: Secret.fromBase32(secret),
    timestamp: nowMs,
    window: STEPS_OF_DRIFT,
  });
  return delta === null ? undefined : stepAt(nowMs) + delta;
}
