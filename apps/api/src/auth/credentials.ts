import { createHash, randomBytes } from 'node:crypto';

/** What is stored of a key or token: a search of the space of 256 random bits needs no slow hash. */
export function credentialHash(credential: string): string {
  return createHash('sha256').update(credential).digest('hex');
}

export const API_KEY_PREFIX = 'ank_';

export function newApiKey(): string {
  return API_KEY_PREFIX + randomBytes(32).toString('base64url');
}

export function newRefreshToken(): string {
  return `anr_${randomBytes(32).toString('base64url')}`;
}
