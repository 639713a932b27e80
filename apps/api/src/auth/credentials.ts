import { createHash, createHmac, randomBytes } from 'node:crypto';

/** Redis holds in clear nothing that a company wrote. */
export function emailMark(email: string): string {
  return createHash('sha256').update(email).digest('base64url');
}

/** What is stored of a key or token: a search of the space of 256 random bits needs no slow hash. */
export function credentialHash(credential: string): string {
  return createHash('sha256').update(credential).digest('hex');
}

/** What begins otherwise is an access token. `reset`: of a link to set a new password. */
const PREFIX = { key: 'ank_', refresh: 'anr_', invitation: 'ani_', reset: 'anp_' } as const;
export type CredentialKind = keyof typeof PREFIX;
const KINDS = ['key', 'refresh', 'invitation', 'reset'] as const satisfies readonly CredentialKind[];

/** What a text is by its beginning; undefined: an access token, or nothing of ours. */
export function kindOf(credential: string): CredentialKind | undefined {
  return KINDS.find((kind) => credential.startsWith(PREFIX[kind]));
}

/** Of the random bytes in base64url, and of the check after them. */
const SECRET_LENGTH = 43;
const CHECK_LENGTH = 6;
const SECRET = new RegExp(`^[A-Za-z0-9_-]{${SECRET_LENGTH}}(?:[A-Za-z0-9_-]{${CHECK_LENGTH}})?$`);

export function newCredential(kind: CredentialKind): string {
  return withCheck(PREFIX[kind], randomBytes(32));
}

/**
 * The token after a refresh token: the same one for who has the token and the salt. The salt is in the database and the
 * token is not, so neither gives the next one alone.
 */
export function refreshTokenAfter(refreshToken: string, salt: string): string {
  return withCheck(
    PREFIX.refresh,
    createHmac('sha256', refreshToken).update(`anika refresh ${salt}`).digest(),
  );
}

function withCheck(prefix: string, secret: Buffer): string {
  const text = prefix + secret.toString('base64url');
  return text + checkOf(text);
}

function checkOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, CHECK_LENGTH);
}

/**
 * Whether a text may be one of ours, so that what was mistyped or made up is not looked for. Those that were given out
 * before there was a check have none, and are looked for.
 */
export function isWellFormed(kind: CredentialKind, credential: string): boolean {
  const prefix = PREFIX[kind];
  const secret = credential.slice(prefix.length);
  if (!credential.startsWith(prefix) || !SECRET.test(secret)) return false;
  if (secret.length === SECRET_LENGTH) return true;
  return credential.slice(-CHECK_LENGTH) === checkOf(credential.slice(0, -CHECK_LENGTH));
}
