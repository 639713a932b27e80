import { recallNoticeIdOf } from '@anika/broker/carry-out-recall';
import { createRecallWork } from '@anika/broker/recall-work';
import { createAuditLog } from '@anika/stores/postgres/audit-log';
import pLimit from 'p-limit';
import type { Infrastructure } from './infrastructure.ts';
import type { ReadMessage } from './messages/readable-messages.ts';
import { createRecallMessage, type RecallMessage } from './messages/recall-message.ts';

/** Entries of the audit log are written one at a time: those of many recalls do not hold all connections meanwhile. */
const AUDITED_AT_ONCE = 2;

/** Taking a message back. */
export function composeRecall(infrastructure: Infrastructure, readMessage: ReadMessage): RecallMessage {
  const { postgres, messages, deliveries, recalls, clock, logger } = infrastructure;
  const audit = createAuditLog(postgres);
  const audited = pLimit(AUDITED_AT_ONCE);
  const { carryOut, cancelUnstored } = createRecallWork({
    ...infrastructure,
    failed: (error) => logger.warn({ err: error }, 'jobs of a recall are left to the sweep'),
  });
  return createRecallMessage({
    locate: messages.locate,
    find: messages.find,
    readMessage,
    partnersOf: async (id) => [
      ...new Set((await deliveries.reachedBy(id)).map(({ partnerId }) => partnerId)),
    ],
    record: ({ id, topicId, ownerId }, reason, { caller, partnerIds }) =>
      audited(() =>
        audit.appendEvent(
          { by: caller, atMs: clock.now() },
          {
            action: 'message.recalled',
            topicId,
            subjectId: id,
            partnerIds: [ownerId, ...partnerIds],
            after: { reason },
          },
        ),
      ),
    recall: recalls.recall,
    cancelUnstored,
    carryOut,
    left: (messageId, error) =>
      logger.warn({ err: error, messageId }, 'recall not carried out yet; a dispatcher does it'),
    counts: async (id) => ({
      cancelled: await deliveries.countRecalled(id),
      notified: await deliveries.countOfMessage(recallNoticeIdOf(id)),
    }),
    clock,
  });
}
