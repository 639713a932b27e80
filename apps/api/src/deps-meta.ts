import { createProcessStore } from '@anika/stores/mongo/processes';
import { createPartnerStore } from '@anika/stores/postgres/partners';
import type { ApiConfig } from './config.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { metaRoutes } from './meta/meta.routes.ts';
import { createReadLimits } from './meta/read-limits.ts';

/** What an installation is like: its limits and its schedule. */
export function composeMeta(config: ApiConfig, { mongo, postgres, clock }: Infrastructure): BoundRoute[] {
  const { find: findPartner } = createPartnerStore(postgres);
  return metaRoutes({
    limitsOf: createReadLimits({ findPartner, defaults: postgres.companyLimits }),
    processes: () => createProcessStore(mongo).list(clock.now()),
    settings: {
      messageBytes: config.ANIKA_MAX_MESSAGE_BYTES,
      publishPerSecond: config.ANIKA_RATE_PUBLISH,
      readPerSecond: config.ANIKA_RATE_READ,
      managePerSecond: config.ANIKA_RATE_MANAGE,
      searches: config.ANIKA_MAX_SEARCHES,
      streams: config.ANIKA_MAX_STREAMS,
      subscriptionsPerTopic: config.ANIKA_MAX_SUBSCRIPTIONS,
    },
    egressAddresses: config.ANIKA_EGRESS_ADDRESSES,
  });
}
