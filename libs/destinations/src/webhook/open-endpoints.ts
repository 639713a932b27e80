import { randomBytes, randomUUID } from 'node:crypto';
import { newId } from '@anika/core/ids';
import { spanIdOf } from '@anika/core/trace';
import { USER_AGENT } from '@anika/core/version';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createEgressGuard } from './guard-address.ts';
import { createSender } from './send.ts';
import { createWebhookDestination } from './webhook.ts';
import { createWebhookKeys, type WebhookKeyNeeds } from './webhook-keys.ts';

type SigningNeeds = Omit<WebhookKeyNeeds, 'newKid'>;

/** The keys that sign for whoever wants no secret. */
export function openWebhookKeys(needs: SigningNeeds) {
  return createWebhookKeys({ ...needs, newKid: () => randomBytes(9).toString('base64url') });
}

export const newSpanId = () => spanIdOf(randomUUID());

/** The one way out of a process: to endpoints, past the address guard. */
export function openEndpoints({
  lifecycle,
  ...needs
}: SigningNeeds & {
  readonly allow: Parameters<typeof createEgressGuard>[0]['allow'];
  readonly deny: Parameters<typeof createEgressGuard>[0]['deny'];
  readonly lifecycle: Pick<Lifecycle, 'onClose'>;
}) {
  const { allow, deny, secretBox, clock } = needs;
  const guard = createEgressGuard({ allow, deny });
  const sender = createSender({ guard });
  lifecycle.onClose('sender', sender.close);
  const keys = openWebhookKeys(needs);
  /** Of what is no message: challenges, tests, notices to endpoints. */
  const newEventId = () => newId('msg', clock.now(), randomBytes(10));
  const endpoints = createWebhookDestination({
    post: sender.send,
    keys,
    openSecret: secretBox.open,
    newEventId,
    newChallenge: () => randomBytes(24).toString('base64url'),
    newSpanId,
    userAgent: USER_AGENT,
    clock,
  });
  return { guard, endpoints, keys, newEventId };
}
