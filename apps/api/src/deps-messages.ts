import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { ApiConfig } from './config.ts';
import type { Auth } from './deps-auth.ts';
import { composeDeliveries } from './deps-deliveries.ts';
import { composeErasures } from './deps-erasures.ts';
import { composeExplain } from './deps-explain.ts';
import { composeNotices } from './deps-notices.ts';
import { composeOperators } from './deps-operators.ts';
import { composePublish } from './deps-publish.ts';
import { composePulls } from './deps-pulls.ts';
import { composeRecall } from './deps-recalls.ts';
import { composeReceipts } from './deps-receipts.ts';
import { composeReplays } from './deps-replays.ts';
import { composeSearch } from './deps-search.ts';
import { composeStats } from './deps-stats.ts';
import { composeStream } from './deps-stream.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { recallRoutes } from './messages/recall.routes.ts';

/**
 * The messages part: publishing, reading, deliveries, and what is told of them. `endWaits`: whoever waits for something
 * is answered now.
 */
export function composeMessages(
  config: ApiConfig,
  infrastructure: Infrastructure,
  { auth, lifecycle }: { auth: Pick<Auth, 'authenticate'>; lifecycle: Lifecycle },
): { routes: BoundRoute[]; endWaits: () => Promise<void> } {
  const stream = composeStream(config, infrastructure, { auth, lifecycle });
  const pulls = composePulls(config, infrastructure, lifecycle);
  const search = composeSearch(infrastructure);
  const routes = [
    ...composePublish(config, infrastructure, lifecycle),
    ...search.routes,
    ...composeReceipts(config, infrastructure),
    ...recallRoutes(composeRecall(infrastructure, search.readMessage)),
    ...composeErasures(infrastructure),
    ...composeDeliveries(infrastructure, search.readMessage),
    ...pulls.routes,
    ...composeNotices(infrastructure),
    ...composeReplays(infrastructure),
    ...composeExplain(infrastructure),
    ...stream.routes,
    ...composeStats(infrastructure),
    ...composeOperators(config, infrastructure),
  ];
  async function endWaits(): Promise<void> {
    pulls.letGo();
    await stream.end();
  }
  return { routes, endWaits };
}
