import type { RefuseNotice } from '@anika/core/notice/notice';
import type { Logger } from '@anika/runtime/logger';
import type { Metrics } from '@anika/runtime/metrics';

type Needs = { readonly metrics: Pick<Metrics, 'counter'>; readonly logger: Pick<Logger, 'error'> };

/** Notices that no store would take, put down: counted, and named without what they say. */
export function createRefusedNotices({ metrics, logger }: Needs): RefuseNotice {
  const refused = metrics.counter('notices_refused_total', 'Notices put down that could not be stored');
  return ({ id, ownerId, type, key }, reason) => {
    refused.inc();
    logger.error({ err: reason, noticeId: id, partnerId: ownerId, type, subjectId: key }, 'notice not given');
  };
}
