import type { DeliveryId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';
import type { Metrics } from '@anika/runtime/metrics';

type Needs = { readonly metrics: Pick<Metrics, 'counter'>; readonly logger: Pick<Logger, 'error'> };

/** Jobs that ANIKA has not made, put down: counted, and named where they name themselves. */
export function createRefusedJobs({ metrics, logger }: Needs) {
  const refused = metrics.counter('jobs_refused_total', 'Jobs put down that ANIKA has not made', ['what']);
  return {
    ids({ deliveryId }: { readonly deliveryId: DeliveryId }): void {
      refused.inc({ what: 'ids' });
      logger.error({ deliveryId }, 'ids that do not belong together were in the queue');
    },
    seal: (): void => refused.inc({ what: 'seal' }),
  };
}
