import { randomBytes } from 'node:crypto';
import { USER_AGENT } from '@anika/core/version';
import { headersProblem } from '@anika/destinations/webhook/check-headers';
import { createEgressGuard, portOf } from '@anika/destinations/webhook/guard-address';
import { createSender } from '@anika/destinations/webhook/send';
import { createWebhookDestination } from '@anika/destinations/webhook/webhook';
import { createWebhookKeys } from '@anika/destinations/webhook/webhook-keys';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createWebhookKeyStore } from '@anika/stores/postgres/webhook-keys';
import type { ApiConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createChallengeLimits } from './subscriptions/challenge-limits.ts';
import type { EndpointRules } from './subscriptions/subscription-input.ts';

/** The one way out of this process: to endpoints, past the address guard. */
export function openOutbound(
  config: ApiConfig,
  context: Pick<Infrastructure, 'clock' | 'rateLimit' | 'secretBox' | 'postgres'> & { lifecycle: Lifecycle },
) {
  const guard = createEgressGuard({ allow: config.ANIKA_EGRESS_ALLOW, deny: config.ANIKA_EGRESS_DENY });
  const sender = createSender({ guard });
  context.lifecycle.onClose('sender', sender.close);
  const { clock, rateLimit, secretBox, postgres } = context;
  const rules: EndpointRules = {
    urlProblem(url) {
      const checked = guard.checkUrl(url);
      return checked.ok ? undefined : checked.reason;
    },
    headersProblem,
  };
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
  const admitChallenge = createChallengeLimits({
    ofHost: rateLimit({ name: 'challenge-host', points: config.ANIKA_CHALLENGES_HOST, perSeconds: 60 }),
    ofPartner: rateLimit({
      name: 'challenge-partner',
      points: config.ANIKA_CHALLENGES_PARTNER,
      perSeconds: 3600,
    }),
    // Hosts on the allow list are the operator's own; and what may not be connected to gets no challenge.
    hostOf(text) {
      const checked = guard.checkUrl(text);
      if (!checked.ok || guard.isExempt(checked.url.hostname, portOf(checked.url))) return undefined;
      return checked.url.hostname;
    },
  });
  return { rules, endpoints, webhookKeys: keys, newEventId, admitChallenge };
}
