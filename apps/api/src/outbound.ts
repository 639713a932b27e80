import { openEndpoints } from '@anika/broker/open-stores';
import { headersProblem } from '@anika/destinations/webhook/check-headers';
import { portOf } from '@anika/destinations/webhook/guard-address';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { ApiConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createChallengeLimits } from './subscriptions/challenge-limits.ts';
import type { EndpointRules } from './subscriptions/subscription-input.ts';

/** Endpoints, and what may be asked of them here. */
export function openOutbound(config: ApiConfig, infrastructure: Infrastructure, lifecycle: Lifecycle) {
  const { rateLimit } = infrastructure;
  const { guard, endpoints, keys, newEventId } = openEndpoints(config, infrastructure, lifecycle);
  const rules: EndpointRules = {
    urlProblem(url) {
      const checked = guard.checkUrl(url);
      return checked.ok ? undefined : checked.reason;
    },
    headersProblem,
  };
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
