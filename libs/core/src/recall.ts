import type { Attempt, DeliveryState } from './delivery/delivery.ts';
import type { MessageId, PartnerId, TopicId } from './ids.ts';

/** What stays of a message that was taken back: all but its contents. Times are milliseconds since the epoch. */
export type Recalled = {
  readonly id: MessageId;
  readonly topicId: TopicId;
  readonly ownerId: PartnerId;
  readonly type: string;
  readonly audience: readonly PartnerId[] | undefined;
  readonly acceptedAtMs: number;
  readonly recalledAtMs: number;
  /** As its owner gave it: those who had the message are told. */
  readonly reason: string;
  /** Lower-case hex SHA-256 of the JSON text that its data was: for its owner only. */
  readonly hash: string;
};

/** The event that tells whoever had a message that it was taken back. */
export const RECALL_NOTICE_TYPE = 'anika.message.recalled';

/** The contents of that event: nothing of the message's. */
export function recallNoticeText({ id, topicId, recalledAtMs, reason }: Recalled): string {
  return JSON.stringify({
    messageId: id,
    topicId,
    recalledAt: new Date(recalledAtMs).toISOString(),
    reason,
  });
}

/** No answer came: whether the endpoint has the message is not known. */
const NO_ANSWER = new Set<string | undefined>(['timeout', 'reset']);

/**
 * Whether a reader may have kept the message: its endpoint took it in any of its attempts, or said nothing of it; or it
 * fetched it. An endpoint that answered otherwise has refused it.
 */
export function mayHaveReceived(delivery: {
  readonly state: DeliveryState;
  readonly attempts: readonly Pick<Attempt, 'status' | 'errorClass'>[];
  /** It was fetched, not sent. */
  readonly isPulled?: boolean;
}): boolean {
  if (delivery.isPulled && delivery.attempts.length > 0) return true;
  return (
    delivery.state === 'delivered' ||
    delivery.attempts.some(
      ({ status, errorClass }) =>
        (status !== undefined && status >= 200 && status < 300) || NO_ANSWER.has(errorClass),
    )
  );
}

/**
 * How long after a recall something of the message may still come: words and deliveries of a fan-out that was under
 * way, what came of requests that were, jobs that brought it along.
 */
export const RECALL_LATE_MS = 600_000;
/** When it is looked for what came late, after the recall. The last look is after all that can. */
const LOOKS_MS = [500, 2000, 5000, 10_000, 30_000, 90_000, RECALL_LATE_MS + 60_000];

/** When it is looked next; undefined: all is gone. */
export function nextLookMs(recalledAtMs: number, nowMs: number): number | undefined {
  const next = LOOKS_MS.find((afterMs) => recalledAtMs + afterMs > nowMs);
  return next === undefined ? undefined : recalledAtMs + next;
}
