import { createAccessRequestStore } from '@anika/stores/postgres/access-requests';
import { createAuditLog } from '@anika/stores/postgres/audit-log';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { accessRequestRoutes } from './access-requests/access-requests.routes.ts';
import { createAccessRequests } from './access-requests/access-requests.ts';
import { grantRoutes } from './grants/grants.routes.ts';
import { createGrants } from './grants/grants.ts';
import { createPreviewGrant } from './grants/preview-grant.ts';
import { createResendCancelled } from './grants/resend-cancelled.ts';
import { createWarnOfPaths } from './grants/warn-of-paths.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { TopicParts } from './topic-parts.ts';

/** Who is let in: grants and the requests for them. */
export function composeGrants(
  infrastructure: Infrastructure,
  { topics, subscriptions, newest, cancelWaiting, refuse }: TopicParts,
): BoundRoute[] {
  const { postgres, clock, newId, changes, deliveries, queues, searchLimit, logger } = infrastructure;
  const shared = { findTopic: topics.find, newest, refuse, announce: changes.announce, newId, clock };
  const preview = createPreviewGrant(shared);
  const warnOfPaths = createWarnOfPaths({
    ...shared,
    failed: (error) => logger.warn({ err: error }, 'paths of a mask not looked for in messages'),
  });
  const { resend, record } = createResendCancelled({
    subscriptionsOf: subscriptions.idsOf,
    resend: deliveries.resendCancelled,
    requestSweep: queues.requestSweep,
    append: createAuditLog(postgres).appendEvent,
    logger,
    clock,
  });
  return [
    ...grantRoutes({
      preview: (pair, terms, by) => searchLimit.run(by.partnerId, () => preview(pair, terms, by)),
      warnOfPaths,
      clock,
      grants: createGrants({
        ...shared,
        store: createGrantStore(postgres),
        cancelWaiting,
        resendCancelled: resend,
        recordResend: record,
      }),
    }),
    ...accessRequestRoutes({
      requests: createAccessRequests({ ...shared, store: createAccessRequestStore(postgres) }),
      warnOfPaths,
      clock,
    }),
  ];
}
