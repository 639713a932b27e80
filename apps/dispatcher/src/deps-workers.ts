import { startDeliverWorker, startMaintenanceWorker } from '@anika/queue/workers';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { DispatcherConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';

type Work = {
  readonly deliver: Parameters<typeof startDeliverWorker>[0];
  readonly maintain: Parameters<typeof startMaintenanceWorker>[0];
};

const MAINTENANCE_CLOSING_MS = 5000;

/** From now on jobs are taken. Those under way have their time when the process ends. */
export function startWorkers(
  config: DispatcherConfig,
  { worker, prefix, logger }: Infrastructure,
  { deliver, maintain, lifecycle }: Work & { readonly lifecycle: Lifecycle },
): void {
  const options = { connection: worker, prefix, logger };
  const maintenance = startMaintenanceWorker(maintain, options);
  lifecycle.onClose('maintenance worker', () => maintenance.close(MAINTENANCE_CLOSING_MS));
  const deliveries = startDeliverWorker(deliver, { ...options, concurrency: config.ANIKA_CONCURRENCY });
  lifecycle.onClose('deliver worker', () => deliveries.close(config.ANIKA_SHUTDOWN_SECONDS * 1000));
}
