import type { Message } from '@anika/core/message';
import { type TraceContext, traceIdOf } from '@anika/core/trace';
import { flatLines, type Logger } from '@anika/runtime/logger';
import type { Metrics } from '@anika/runtime/metrics';

/** A message that got its receipt: stored just now, or found under its idempotency key. */
export type MessageEvent = {
  readonly message: Message;
  readonly outcome: 'stored' | 'replayed';
  /** Of this request: that of a message found again is another. */
  readonly requestId: string;
  readonly startedMs: number;
  /** What the publisher says it is part of: for these lines alone, and told to no other company. */
  readonly partOf: TraceContext | undefined;
};

/** The line and the figure of each message that is accepted. No content of it is in them. */
export function createMessageEvents(context: {
  logger: Logger;
  metrics: Metrics;
  clock: { now(): number };
}): (event: MessageEvent) => void {
  const { clock } = context;
  const logger = flatLines(context.logger);
  const accepted = context.metrics.counter('messages_accepted_total', 'Messages accepted', ['outcome']);
  return ({ message, outcome, requestId, startedMs, partOf }) => {
    accepted.inc({ outcome });
    const { id, topicId, ownerId, type, dataText, audience } = message;
    logger.info(
      {
        requestId,
        messageId: id,
        traceId: traceIdOf(id),
        publisherTraceId: partOf?.traceId,
        publisherSpanId: partOf?.spanId,
        topicId,
        ownerId,
        type,
        dataLength: dataText.length,
        audience: audience?.length,
        outcome,
        durationMs: clock.now() - startedMs,
      },
      'message',
    );
  };
}
