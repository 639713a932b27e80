import { secretContext } from '@anika/core/secret-context';
import type { Subscription } from '@anika/core/subscription';
import { openHeaders } from '@anika/core/subscription/stored-headers';
import { FORMATS } from './formats.ts';
import type { Form } from './request.ts';
import { ed25519Signer, hmacSigner } from './signers.ts';
import type { WebhookKeys } from './webhook-keys.ts';

/** What is stored of how a subscription wants its events. */
export type FormSettings = {
  readonly subscription: Pick<Subscription, 'id' | 'headers' | 'signature' | 'format'>;
  /** Each signs; the present one first. */
  readonly sealedSecrets: readonly string[];
};

export type FormNeeds = {
  readonly openSecret: (sealed: string, context: string) => string;
  readonly keys: Pick<WebhookKeys, 'signing'>;
};

/** How a subscription wants its events, opened: for as many of them as there are until it changes. */
export function formOf({ subscription, sealedSecrets }: FormSettings, { openSecret, keys }: FormNeeds): Form {
  const { id, headers = {} } = subscription;
  const context = secretContext.subscription(id);
  return {
    subscriptionId: id,
    customHeaders: openHeaders(headers, (sealed, name) =>
      openSecret(sealed, secretContext.subscriptionHeader(id, name)),
    ),
    format: FORMATS[subscription.format],
    sign:
      subscription.signature === 'ed25519'
        ? ed25519Signer(keys.signing)
        : hmacSigner(sealedSecrets.map((sealed) => openSecret(sealed, context))),
  };
}
