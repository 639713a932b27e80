import type { Delivery } from '@anika/core/delivery/delivery';
import { TIMING } from '@anika/core/delivery/timing';
import type { DeliveryId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Logger } from '@anika/runtime/logger';

export type SweepNeeds = {
  /** Whether Redis has lost its data: `just` once, `lately` for some seconds after. */
  readonly queueWasEmptied: () => Promise<'just' | 'lately' | 'no'>;
  /** All of them, or those made since. */
  readonly sweepAllOpen: (sinceMs?: number) => Promise<number>;
  readonly findNotFannedOut: (beforeMs: number, limit: number) => Promise<readonly Message[]>;
  readonly fanOut: (messages: readonly Message[]) => Promise<unknown>;
  readonly findOverdue: (nowMs: number, limit: number) => Promise<readonly Delivery[]>;
  /** Of these, the ones that are neither in the queue nor wait for their endpoint. */
  readonly findLost: (deliveries: readonly Delivery[], nowMs: number) => Promise<readonly Delivery[]>;
  readonly queue: (deliveries: readonly Delivery[]) => Promise<void>;
  readonly postponeSweep: (ids: readonly DeliveryId[], nowMs: number) => Promise<void>;
  readonly repaired: (what: 'message' | 'delivery', count: number) => void;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

const MESSAGES_A_STEP = 200;
const DELIVERIES_A_STEP = 1000;
/** What one sweep does at most; the next goes on. */
const STEPS_MAX = 200;

/**
 * Repairs what a crash, a full or an emptied Redis left: messages without deliveries, deliveries without a job.
 * It reads the indexes of unfinished work only. Doing it twice, or in two processes, does no harm.
 */
export function createSweep(needs: SweepNeeds): () => Promise<void> {
  return async () => {
    await sweepAfterLoss(needs);
    await sweepMessages(needs);
    await sweepDeliveries(needs);
  };
}

/** What was accepted right before the loss is stored some seconds after it. */
async function sweepAfterLoss(needs: SweepNeeds): Promise<void> {
  const emptied = await needs.queueWasEmptied();
  if (emptied === 'no') return;
  if (emptied === 'lately') {
    await needs.sweepAllOpen(needs.clock.now() - TIMING.storedLateMs);
    return;
  }
  const open = await needs.sweepAllOpen();
  if (open > 0) needs.logger.warn({ open }, 'Redis had lost its data: open deliveries are queued again');
}

async function sweepMessages(needs: SweepNeeds): Promise<void> {
  const beforeMs = needs.clock.now() - TIMING.fanOutGraceMs;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const messages = await needs.findNotFannedOut(beforeMs, MESSAGES_A_STEP);
    if (messages.length === 0) return;
    const done = await fanOutEach(messages, needs);
    needs.repaired('message', done);
    if (messages.length < MESSAGES_A_STEP || done === 0) return;
  }
}

/** Together; should that fail, one by one, so that a single bad message does not stop the others. */
async function fanOutEach(messages: readonly Message[], needs: SweepNeeds): Promise<number> {
  try {
    await needs.fanOut(messages);
    return messages.length;
  } catch (error) {
    needs.logger.warn(
      { err: error, messages: messages.length },
      'fan-out failed together, trying one by one',
    );
  }
  let done = 0;
  for (const message of messages) {
    try {
      await needs.fanOut([message]);
      done += 1;
    } catch (error) {
      needs.logger.error({ err: error, messageId: message.id }, 'fan-out failed');
    }
  }
  return done;
}

async function sweepDeliveries(needs: SweepNeeds): Promise<void> {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const nowMs = needs.clock.now();
    const overdue = await needs.findOverdue(nowMs, DELIVERIES_A_STEP);
    if (overdue.length === 0) return;
    const lost = await needs.findLost(overdue, nowMs);
    await needs.queue(lost);
    await needs.postponeSweep(
      overdue.map((delivery) => delivery.id),
      nowMs,
    );
    if (lost.length > 0) needs.repaired('delivery', lost.length);
    if (overdue.length < DELIVERIES_A_STEP) return;
  }
}
