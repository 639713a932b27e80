import { randomBytes } from 'node:crypto';
import { createTargets } from '@anika/broker/targets';
import type { SubscriptionId } from '@anika/core/ids';
import type { Target } from '@anika/core/route';
import { USER_AGENT } from '@anika/core/version';
import { createEgressGuard } from '@anika/destinations/webhook/guard-address';
import { createSender } from '@anika/destinations/webhook/send';
import { createWebhookDestination } from '@anika/destinations/webhook/webhook';
import { createWebhookKeys } from '@anika/destinations/webhook/webhook-keys';
import { createBatcher } from '@anika/runtime/batcher';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createWebhookKeyStore } from '@anika/stores/postgres/webhook-keys';
import type { DispatcherConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';

const LOADS = { maxItems: 200, maxInFlight: 2 } as const;

export type Outbound = ReturnType<typeof openOutbound>;

/** Loads that are asked for together go together. */
export function grouped<K, V>(load: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>) {
  return createBatcher<K, V | undefined>(async (keys) => {
    const found = await load(keys);
    return keys.map((key) => found.get(key));
  }, LOADS).add;
}

/** The one way out of this process: to endpoints, past the address guard. */
export function openOutbound(config: DispatcherConfig, infrastructure: Infrastructure, lifecycle: Lifecycle) {
  const { clock, routing, changes, secretBox, postgres } = infrastructure;
  const guard = createEgressGuard({ allow: config.ANIKA_EGRESS_ALLOW, deny: config.ANIKA_EGRESS_DENY });
  const sender = createSender({ guard });
  lifecycle.onClose('sender', sender.close);
  const newEventId = () => `msg_${randomBytes(16).toString('hex')}`;
  const keys = createWebhookKeys({
    store: createWebhookKeyStore(postgres),
    secretBox,
    newKid: () => randomBytes(9).toString('base64url'),
    clock,
  });
  const endpoints = createWebhookDestination({
    post: sender.send,
    keys,
    openSecret: secretBox.open,
    newEventId,
    newChallenge: () => randomBytes(24).toString('base64url'),
    userAgent: USER_AGENT,
    clock,
  });
  const targets = createTargets({
    load: grouped<SubscriptionId, Target>((ids) => routing.loadTargets(ids, clock.now())),
    prepare: endpoints.prepare,
  });
  changes.onChange(targets.forget);
  return { findTarget: targets.get, send: endpoints.send, newEventId };
}
