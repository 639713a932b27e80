import { randomBytes } from 'node:crypto';
import { newSecret } from '@anika/destinations/webhook/signers';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createNoticesTopicStore } from '@anika/stores/postgres/notices-topic';
import { createSecretReadStore } from '@anika/stores/postgres/secret-reads';
import type { ApiConfig } from './config.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { openOutbound } from './outbound.ts';
import { previewSubscriptionRoutes } from './subscriptions/preview.routes.ts';
import { createPreviewSubscription } from './subscriptions/preview-subscription.ts';
import { createReadHealth } from './subscriptions/read-health.ts';
import { createReleaseHeld } from './subscriptions/release-held.ts';
import { createSigningSecrets } from './subscriptions/signing-secrets.ts';
import { subscriptionRoutes } from './subscriptions/subscriptions.routes.ts';
import { createSubscriptions } from './subscriptions/subscriptions.ts';
import type { TopicParts } from './topic-parts.ts';

/** Subscriptions, with their endpoints and secrets. */
export function composeSubscriptions(
  config: ApiConfig,
  infrastructure: Infrastructure,
  { lifecycle, topics }: { lifecycle: Lifecycle; topics: TopicParts },
): BoundRoute[] {
  const { postgres, clock, newId, secretBox, changes, deliveries, lanes, queues, logger } = infrastructure;
  const { searchLimit, counts } = infrastructure;
  const { rules, webhookKeys, ...outbound } = openOutbound(config, infrastructure, lifecycle);
  const { newest, subscriptions: store, ...needed } = topics;
  const shared = {
    ...needed,
    store,
    newSecret: () => newSecret(randomBytes(32)),
    secretBox,
    announce: changes.announce,
    newId,
    clock,
  };
  const preview = createPreviewSubscription({ ...shared, newest });
  const noticesTopics = createNoticesTopicStore(postgres);
  const subscriptions = createSubscriptions({
    ...shared,
    ...outbound,
    maxOnTopic: config.ANIKA_MAX_SUBSCRIPTIONS,
    ensureNoticesTopic: (partnerId) => noticesTopics.ensure(partnerId, clock.now()),
    releaseHeld: createReleaseHeld({ deliveries, lanes, queues, logger }),
  });
  return [
    ...previewSubscriptionRoutes((wished, by) => searchLimit.run(by.partnerId, () => preview(wished, by))),
    ...subscriptionRoutes({
      rules,
      webhookKeys,
      readHealth: createReadHealth({ count: counts.deliveries.countsOf, limit: searchLimit.run, clock }),
      secrets: createSigningSecrets({ ...shared, noteSecretRead: createSecretReadStore(postgres).note }),
      subscriptions,
    }),
  ];
}
