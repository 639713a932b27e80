import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new signing secret from at least 32 bytes of a cryptographic source: `whsec_` and base64. */
export function newSecret(random: Uint8Array): string {
  if (random.length < SECRET_BYTES)
    throw new RangeError(`newSecret: ${SECRET_BYTES} random bytes are needed`);
  return PREFIX + Buffer.from(random.subarray(0, SECRET_BYTES)).toString('base64');
}

type Signing = {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string;
  readonly secrets: readonly string[];
};

/** The `webhook-signature` header of Standard Webhooks 1.0: one `v1,<base64>` a secret, separated by spaces. */
export function signWebhook({ id, timestampSeconds, body, secrets }: Signing): string {
  const content = `${id}.${timestampSeconds}.${body}`;
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(secret.startsWith(PREFIX) ? PREFIX.length : 0), 'base64');
      return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
    })
    .join(' ');
}
