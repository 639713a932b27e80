import type { Context } from '@anika/broker/open-stores';
import { startReports } from '@anika/broker/report-process';
import { createMetrics } from '@anika/runtime/metrics';
import { createProcessStore } from '@anika/stores/mongo/processes';
import type { DispatcherConfig } from './config.ts';
import { startDeferred } from './deps-deferred.ts';
import { composeDeliver } from './deps-deliver.ts';
import { composeErasures } from './deps-erasures.ts';
import { startGrants } from './deps-grants.ts';
import { composeLateFanOut, composeMaintenance } from './deps-maintenance.ts';
import { composeNotices } from './deps-notices.ts';
import { composeRecalls } from './deps-recalls.ts';
import { startReplays } from './deps-replays.ts';
import { composeSchedule } from './deps-schedule.ts';
import { startStats } from './deps-stats.ts';
import { startTickers } from './deps-tickers.ts';
import { startWorkers } from './deps-workers.ts';
import { startHealthServer } from './health/health-server.ts';
import { openInfrastructure } from './infrastructure.ts';
import { openOutbound } from './outbound.ts';

/** Everything of one dispatcher process, put together by hand and started. */
export async function startDispatcher(config: DispatcherConfig, context: Context): Promise<void> {
  const { logger, lifecycle } = context;
  const metrics = createMetrics('dispatcher');
  const infrastructure = openInfrastructure(config, context, metrics);
  const { clock } = infrastructure;
  await infrastructure.requireStores();
  const health = {
    stores: [...infrastructure.readiness, infrastructure.indexes],
    metrics,
    metricsToken: config.ANIKA_METRICS_TOKEN,
    clock,
  };
  const address = { host: config.ANIKA_HOST, port: config.ANIKA_DISPATCHER_PORT };
  lifecycle.onClose('health server', await startHealthServer(health, address));
  await infrastructure.prepare();

  const outbound = openOutbound(config, infrastructure, lifecycle);
  const fanOut = composeLateFanOut(infrastructure);
  const notices = composeNotices(config, infrastructure, { lifecycle, fanOut });
  const { noteDead } = notices;
  const recalls = composeRecalls(infrastructure, lifecycle);
  const deliver = composeDeliver(config, infrastructure, { outbound, lifecycle, noteDead, recalls });
  const maintain = composeMaintenance(infrastructure, fanOut);
  startWorkers(config, infrastructure, { deliver, maintain, lifecycle });
  startTickers(config, infrastructure, lifecycle);
  startDeferred(infrastructure, lifecycle);
  startGrants(infrastructure, outbound, lifecycle);
  notices.start();
  startReplays(infrastructure, lifecycle);
  startStats(config, infrastructure, lifecycle);
  const program = { program: 'dispatcher', retrySchedule: config.ANIKA_RETRY_SCHEDULE } as const;
  startReports(program, { store: createProcessStore(infrastructure.mongo), clock, logger }, lifecycle);
  composeErasures(infrastructure, lifecycle);
  composeSchedule(infrastructure, lifecycle, fanOut);
  logger.info({ port: config.ANIKA_DISPATCHER_PORT, startedAt: clock.now() }, 'delivering');
}
