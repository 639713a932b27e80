import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createAuditLog } from '@anika/stores/postgres/audit-log';
import { auditRoutes } from './audit/audit.routes.ts';
import type { ApiConfig } from './config.ts';
import { composeGrants } from './deps-grants.ts';
import { composeMeta } from './deps-meta.ts';
import { composeSubscriptions } from './deps-subscriptions.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { openTopicParts } from './topic-parts.ts';
import { topicRoutes } from './topics/topics.routes.ts';
import { createTopics } from './topics/topics.ts';

/** The topics part: topics, grants, requests for access, subscriptions, the audit log and the limits. */
export function composeTopics(
  config: ApiConfig,
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
): BoundRoute[] {
  const { postgres, clock, newId, changes } = infrastructure;
  const topics = openTopicParts(infrastructure);
  const { findGrant, cancelWaiting, refuse } = topics;
  const shared = { findGrant, cancelWaiting, refuse, announce: changes.announce, newId, clock };
  return [
    ...topicRoutes(createTopics({ ...shared, store: topics.topics })),
    ...composeGrants(infrastructure, topics),
    ...composeSubscriptions(config, infrastructure, { lifecycle, topics }),
    ...auditRoutes(createAuditLog(postgres)),
    ...composeMeta(config, infrastructure),
  ];
}
