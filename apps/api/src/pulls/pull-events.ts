import type { LeaseEvent } from '@anika/broker/end-leases';
import { attemptError } from '@anika/core/delivery/lease';
import { traceIdOf } from '@anika/core/trace';
import { flatLines, type Logger } from '@anika/runtime/logger';
import type { Metrics } from '@anika/runtime/metrics';

/** The line and the figures of each lease that ends: what was given, what came of it. No content of messages. */
export function createPullEvents(context: {
  logger: Logger;
  metrics: Metrics;
  attemptsMax: number;
}): (event: LeaseEvent) => void {
  const { metrics, attemptsMax } = context;
  const logger = flatLines(context.logger);
  const outcomes = metrics.counter('pulled_total', 'Outcomes of deliveries that were pulled', ['outcome']);
  const latency = metrics.histogram('pulled_delivery_seconds', 'From acceptance to its acknowledgement');
  return ({ delivery, lease, end, status, nowMs }) => {
    outcomes.inc({ outcome: status.state });
    const sinceAcceptedMs = nowMs - delivery.acceptedAtMs;
    if (status.state === 'delivered') latency.observe(sinceAcceptedMs / 1000);
    const level = status.state === 'dead' ? 'warn' : 'info';
    if (!logger.isLevelEnabled(level)) return;
    logger[level](
      {
        deliveryId: delivery.id,
        messageId: delivery.messageId,
        subscriptionId: delivery.subscriptionId,
        topicId: delivery.topicId,
        partnerId: delivery.partnerId,
        generation: lease.generation,
        traceId: traceIdOf(delivery.messageId),
        spanId: lease.spanId,
        outcome: status.state,
        reason: status.reason,
        attempt: lease.n,
        attemptsMax,
        errorClass: attemptError(end.kind).errorClass,
        durationMs: nowMs - lease.atMs,
        sinceAcceptedMs,
        nextAttemptAt:
          status.nextAttemptAtMs === undefined ? undefined : new Date(status.nextAttemptAtMs).toISOString(),
      },
      'pulled delivery',
    );
  };
}
