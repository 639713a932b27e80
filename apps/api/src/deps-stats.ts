import { createStatStore } from '@anika/stores/mongo/stats';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createTopicStore } from '@anika/stores/postgres/topics';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createReadStats } from './stats/read-stats.ts';
import { statsRoutes } from './stats/stats.routes.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

/** Figures, which dispatchers have counted. */
export function composeStats({ mongo, postgres, loadTarget, clock }: Infrastructure): BoundRoute[] {
  const topics = createTopicStore(postgres);
  return statsRoutes(
    createReadStats({
      findTopic: topics.find,
      findGrant: createGrantStore(postgres).find,
      loadTarget,
      read: createStatStore(mongo).read,
      refuse: createRefuseTopic({ seenAs: topics.seenAs, clock }),
      clock,
    }),
  );
}
