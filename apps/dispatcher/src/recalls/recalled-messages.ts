import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { RECALL_LATE_MS } from '@anika/core/recall';

export type RecalledMessagesNeeds = {
  /** Of any company, as far as something of them may still come. */
  readonly recalledSince: (sinceMs: number) => Promise<readonly MessageId[]>;
  /** Told of each once. */
  readonly learned: (id: MessageId) => void;
  readonly clock: { now(): number };
};

export type RecalledMessages = {
  /** To be called again and again: learns what was recalled since the time before. */
  look(): Promise<void>;
  has(id: MessageId): boolean;
  /** Whether what a job brought along may be sent without looking its message up: nobody has taken it back. */
  vouchesFor(message: Pick<Message, 'id' | 'acceptedAtMs'>): boolean;
};

/** How often it is looked. */
export const LOOK_EVERY_MS = 250;
/** So old what is known may be to be relied on; then messages are looked up one by one. */
const CURRENT_MS = 1000;
/** Clocks of two machines differ by less. */
const SKEW_MS = 10_000;

/**
 * What was recalled lately, known to this process at most a moment later: deliveries whose jobs bring their message
 * along ask this, and no database. An older message is looked up.
 */
export function createRecalledMessages(needs: RecalledMessagesNeeds): RecalledMessages {
  const { clock } = needs;
  const learnedAt = new Map<MessageId, number>();
  let knownAtMs: number | undefined;

  return {
    async look() {
      const nowMs = clock.now();
      const sinceMs = (knownAtMs ?? nowMs - RECALL_LATE_MS) - SKEW_MS;
      for (const id of await needs.recalledSince(sinceMs)) {
        if (learnedAt.has(id)) continue;
        learnedAt.set(id, nowMs);
        needs.learned(id);
      }
      knownAtMs = nowMs;
      // In the order in which they were learned.
      for (const [id, atMs] of learnedAt) {
        if (atMs > nowMs - RECALL_LATE_MS - 2 * SKEW_MS) break;
        learnedAt.delete(id);
      }
    },
    has: (id) => learnedAt.has(id),
    vouchesFor({ id, acceptedAtMs }) {
      const nowMs = clock.now();
      if (knownAtMs === undefined || nowMs - knownAtMs > CURRENT_MS) return false;
      return nowMs - acceptedAtMs < RECALL_LATE_MS && !learnedAt.has(id);
    },
  };
}
