import { traceIdOf } from '@anika/core/trace';
import { flatLines, type Logger } from '@anika/runtime/logger';
import type { Metrics } from '@anika/runtime/metrics';
import type { DeliveryEvent } from './deliver/attempt-record.ts';

/**
 * The line and the figures of each attempt, and of each delivery that is set aside: what left, what came of it, what
 * was decided. No content of messages or answers.
 */
export function createDeliveryEvents(context: {
  logger: Logger;
  metrics: Metrics;
  attemptsMax: number;
  clock: { now(): number };
}): (event: DeliveryEvent) => void {
  const { metrics, clock, attemptsMax } = context;
  const logger = flatLines(context.logger);
  const outcomes = metrics.counter('deliveries_total', 'Outcomes of attempts and of set-aside deliveries', [
    'outcome',
  ]);
  const attemptSeconds = metrics.histogram('attempt_seconds', 'Duration of one POST');
  const latency = metrics.histogram('delivery_seconds', 'From acceptance to delivery');
  return (event) => {
    const { delivery, outcome, sent } = event;
    outcomes.inc({ outcome });
    if (sent !== undefined) attemptSeconds.observe(sent.evidence.result.durationMs / 1000);
    const sinceAcceptedMs = clock.now() - delivery.acceptedAtMs;
    if (outcome === 'delivered') latency.observe(sinceAcceptedMs / 1000);
    const level = outcome === 'dead' ? 'warn' : 'info';
    if (logger.isLevelEnabled(level))
      logger[level](lineOf(event, { sinceAcceptedMs, attemptsMax }), 'delivery');
  };
}

function lineOf(
  { delivery, requestId, outcome, reason, sent, attempt, nextAttemptAtMs }: DeliveryEvent,
  { sinceAcceptedMs, attemptsMax }: { sinceAcceptedMs: number; attemptsMax: number },
) {
  const { id, messageId, subscriptionId, topicId, partnerId, generation } = delivery;
  const result = sent?.evidence.result;
  return {
    requestId,
    deliveryId: id,
    messageId,
    subscriptionId,
    topicId,
    partnerId,
    generation,
    traceId: traceIdOf(messageId),
    spanId: sent?.evidence.spanId,
    outcome,
    reason,
    attempt,
    attemptsMax,
    status: result?.kind === 'response' ? result.status : undefined,
    errorClass: result?.kind === 'error' ? result.errorClass : undefined,
    durationMs: result?.durationMs,
    sinceAcceptedMs,
    nextAttemptAt: nextAttemptAtMs === undefined ? undefined : new Date(nextAttemptAtMs).toISOString(),
  };
}
