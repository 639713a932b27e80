import { randomBytes } from 'node:crypto';
import { createCancelWaiting } from '@anika/broker/cancel-waiting';
import type { TopicId } from '@anika/core/ids';
import type { Subscription } from '@anika/core/subscription';
import { newSecret } from '@anika/destinations/webhook/signers';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createAccessRequestStore } from '@anika/stores/postgres/access-requests';
import { createAuditLog } from '@anika/stores/postgres/audit-log';
import { createCancellationStore } from '@anika/stores/postgres/cancellations';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createNoticesTopicStore } from '@anika/stores/postgres/notices-topic';
import { createSecretReadStore } from '@anika/stores/postgres/secret-reads';
import { createSubscriptionStore } from '@anika/stores/postgres/subscriptions';
import { createTopicStore } from '@anika/stores/postgres/topics';
import { accessRequestRoutes } from './access-requests/access-requests.routes.ts';
import { createAccessRequests } from './access-requests/access-requests.ts';
import { auditRoutes } from './audit/audit.routes.ts';
import type { ApiConfig } from './config.ts';
import { grantRoutes } from './grants/grants.routes.ts';
import { createGrants } from './grants/grants.ts';
import { createNewestMessages } from './grants/newest-messages.ts';
import { createPreviewGrant } from './grants/preview-grant.ts';
import { createWarnOfPaths } from './grants/warn-of-paths.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { openOutbound } from './outbound.ts';
import { previewSubscriptionRoutes } from './subscriptions/preview.routes.ts';
import { createPreviewSubscription } from './subscriptions/preview-subscription.ts';
import { createReadHealth } from './subscriptions/read-health.ts';
import { subscriptionRoutes } from './subscriptions/subscriptions.routes.ts';
import { createSubscriptions } from './subscriptions/subscriptions.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';
import { topicRoutes } from './topics/topics.routes.ts';
import { createTopics } from './topics/topics.ts';

/** Up to so many held deliveries arrive strictly one after the other; of more, only the start is in order. */
const ONE_BY_ONE_MAX = 1000;

/** What was held goes out, the oldest first. Should Redis be away, the next sweep sees to it. */
async function releaseHeld({ id, delivery }: Subscription, infrastructure: Infrastructure): Promise<void> {
  const { deliveries, lanes, queues, logger } = infrastructure;
  const released = await deliveries.releaseHeld(id);
  if (released === 0 || delivery === 'pull') return;
  try {
    await lanes.goOneByOne(id, Math.min(released, ONE_BY_ONE_MAX));
    await queues.requestSweep();
  } catch (error) {
    logger.warn({ err: error, subscriptionId: id, released }, 'the next sweep releases them');
  }
}

/** The topics part: topics, grants, requests for access, subscriptions and the audit log. */
export function composeTopics(
  config: ApiConfig,
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
): BoundRoute[] {
  const { postgres, clock, newId, changes, secretBox, deliveries, queues, logger } = infrastructure;
  const topicStore = createTopicStore(postgres);
  const grantStore = createGrantStore(postgres);
  const subscriptionStore = createSubscriptionStore(postgres);
  const noticesTopics = createNoticesTopicStore(postgres);
  const audit = createAuditLog(postgres);
  const announce = changes.announce;
  const { rules, endpoints, webhookKeys, newEventId, admitChallenge } = openOutbound(
    config,
    infrastructure,
    lifecycle,
  );

  const cancel = createCancelWaiting({
    ...createCancellationStore(postgres),
    cancelOpen: deliveries.cancelOpen,
    cancelled: (subscriptionId, reason) => logger.info({ subscriptionId, reason }, 'deliveries cancelled'),
    clock,
  });
  const cancelWaiting = (topicId: TopicId) =>
    cancel(topicId).catch((error: unknown) =>
      logger.warn({ err: error, topicId }, 'a dispatcher cancels what waits'),
    );

  const refuse = createRefuseTopic({ seenAs: topicStore.seenAs, clock });

  const newest = createNewestMessages({ search: infrastructure.searchMessages, clock });
  const preview = createPreviewGrant({ findTopic: topicStore.find, newest, refuse, newId, clock });
  const previewSubscription = createPreviewSubscription({
    findTopic: topicStore.findOfAny,
    findGrant: grantStore.find,
    newest,
    refuse,
    clock,
  });
  const warnOfPaths = createWarnOfPaths({
    findTopic: topicStore.find,
    newest,
    failed: (error) => logger.warn({ err: error }, 'paths of a mask not looked for in messages'),
  });

  return [
    ...topicRoutes(
      createTopics({
        store: topicStore,
        findGrant: grantStore.find,
        announce,
        cancelWaiting,
        refuse,
        newId,
        clock,
      }),
    ),
    ...grantRoutes({
      preview: (pair, terms, by) =>
        infrastructure.searchLimit.run(by.partnerId, () => preview(pair, terms, by)),
      warnOfPaths,
      clock,
      grants: createGrants({
        store: grantStore,
        findTopic: topicStore.find,
        announce,
        cancelWaiting,
        refuse,
        async resendCancelled(topicId, readerId, range) {
          const subscriptionIds = await subscriptionStore.idsOf(topicId, readerId);
          const resent = await deliveries.resendCancelled(subscriptionIds, range);
          if (resent > 0) {
            await queues.requestSweep().catch((error: unknown) => {
              logger.warn({ err: error, topicId, resent }, 'the next sweep sends them');
            });
          }
          return resent;
        },
        recordResend: ({ id, topicId, partnerId }, resent, by) =>
          audit.appendEvent(
            { by, atMs: clock.now() },
            {
              action: 'grant.resent',
              topicId,
              subjectId: id,
              partnerIds: [by.partnerId, partnerId],
              after: { resent },
            },
          ),
        newId,
        clock,
      }),
    }),
    ...accessRequestRoutes({
      requests: createAccessRequests({
        store: createAccessRequestStore(postgres),
        announce,
        newId,
        clock,
      }),
      warnOfPaths,
      clock,
    }),
    ...previewSubscriptionRoutes((wished, by) =>
      infrastructure.searchLimit.run(by.partnerId, () => previewSubscription(wished, by)),
    ),
    ...subscriptionRoutes({
      rules,
      webhookKeys,
      readHealth: createReadHealth({
        count: infrastructure.counts.deliveries.countsOf,
        limit: infrastructure.searchLimit.run,
        clock,
      }),
      subscriptions: createSubscriptions({
        store: subscriptionStore,
        maxOnTopic: config.ANIKA_MAX_SUBSCRIPTIONS,
        findTopic: topicStore.findOfAny,
        findGrant: grantStore.find,
        ensureNoticesTopic: (partnerId) => noticesTopics.ensure(partnerId, clock.now()),
        endpoints,
        newEventId,
        admitChallenge,
        newSecret: () => newSecret(randomBytes(32)),
        noteSecretRead: createSecretReadStore(postgres).note,
        secretBox,
        releaseHeld: (subscription) => releaseHeld(subscription, infrastructure),
        cancelWaiting,
        refuse,
        announce,
        newId,
        clock,
      }),
    }),
    ...auditRoutes(audit),
  ];
}
