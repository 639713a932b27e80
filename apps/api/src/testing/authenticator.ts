import { STEP_MS } from '@anika/core/second-factor';
import { Secret, TOTP } from 'otpauth';
import type { createClient } from './test-client.ts';

type Client = Pick<ReturnType<typeof createClient>, 'call'>;

/** The app of somebody who has set up a second factor. */
export type Authenticator = {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
  /** Of so many steps from now; each of three neighbours is good once, and only in ascending order. */
  code(stepsFromNow?: number): string;
};

export function codeOf(secret: string, atMs: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: atMs });
}

/**
 * Sets one up for who has this token. Its first code is of the step before the present one, so that the present one and
 * the next are still good.
 */
export async function setUpFactor(client: Client, token: string, password: string): Promise<Authenticator> {
  const begun = await client.call('POST', '/v1/auth/totp', { token, body: { password } });
  const { secret } = begun.body;
  const code = (stepsFromNow = 0) => codeOf(secret, Date.now() + stepsFromNow * STEP_MS);
  const confirmed = await client.call('POST', '/v1/auth/totp/confirm', { token, body: { code: code(-1) } });
  if (confirmed.status !== 200) throw new Error(`not confirmed: ${JSON.stringify([begun, confirmed])}`);
  return { secret, recoveryCodes: confirmed.body.recoveryCodes, code };
}
