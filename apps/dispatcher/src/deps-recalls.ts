import { createRecallWork } from '@anika/broker/recall-work';
import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { groupedLoad } from '@anika/runtime/grouped';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createMessageCache, type MessageCache } from './deliver/message-cache.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createLookAfterRecalls } from './recalls/look-after-recalls.ts';
import { createRecalledMessages, LOOK_EVERY_MS, type RecalledMessages } from './recalls/recalled-messages.ts';

export type Recalls = { readonly cache: MessageCache; readonly known: RecalledMessages };

const LOOK_AFTER_EVERY_MS = 500;

/** Messages as deliveries need them, and those that were taken back. */
export function composeRecalls(infrastructure: Infrastructure, lifecycle: Lifecycle): Recalls {
  const { messages, recalls, clock, logger } = infrastructure;
  const cache = createMessageCache(groupedLoad<MessageId, Message | 'recalled'>(messages.findMany));
  const known = createRecalledMessages({
    recalledSince: recalls.recalledSince,
    learned: cache.forget,
    clock,
  });
  lifecycle.onClose('recalls', startTicker(known.look, { everyMs: LOOK_EVERY_MS, logger }));
  const failed = (error: unknown) => logger.warn({ err: error }, 'jobs of a recall are left to the sweep');
  const lookAfter = createLookAfterRecalls({
    findDue: recalls.findDue,
    lookAgain: recalls.lookAgain,
    carryOut: createRecallWork({ ...infrastructure, failed }).carryOut,
    logger,
    clock,
  });
  lifecycle.onClose('late recalls', startTicker(lookAfter, { everyMs: LOOK_AFTER_EVERY_MS, logger }));
  return { cache, known };
}
