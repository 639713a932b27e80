import { openEndpoints } from '@anika/broker/open-stores';
import { createTargets } from '@anika/broker/targets';
import type { SubscriptionId } from '@anika/core/ids';
import { USER_AGENT } from '@anika/core/version';
import { createPullDestination } from '@anika/destinations/pull/pull';
import { headersProblem } from '@anika/destinations/webhook/check-headers';
import { portOf } from '@anika/destinations/webhook/guard-address';
import { newSpanId, openWebhookKeys } from '@anika/destinations/webhook/open-endpoints';
import { groupedLoad } from '@anika/runtime/grouped';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createWebhookKeyStore } from '@anika/stores/postgres/webhook-keys';
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
      return checked.ok ? undefined : checked.said;
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

/** What a pull is made of and judged by, as dispatchers have it. */
export function openPullOutbound({ clock, routing, changes, secretBox, postgres }: Infrastructure) {
  const { compose, prepare } = createPullDestination({
    keys: openWebhookKeys({ store: createWebhookKeyStore(postgres), secretBox, clock }),
    openSecret: secretBox.open,
    newSpanId,
    userAgent: USER_AGENT,
    clock,
  });
  const load = groupedLoad((ids: readonly SubscriptionId[]) => routing.loadTargets(ids, clock.now()));
  const targets = createTargets({ load, prepare });
  changes.onChange(targets.forget);
  return { compose, findTarget: targets.get };
}
