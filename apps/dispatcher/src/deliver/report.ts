import type { Logger } from '@anika/runtime/logger';
import type { Metrics } from '@anika/runtime/metrics';
import type { DeliveryEvent } from './attempt-record.ts';

/** One line and the figures for each attempt; no content of messages or answers. */
export function createReport(context: {
  logger: Logger;
  metrics: Metrics;
  attemptsMax: number;
  clock: { now(): number };
}): (event: DeliveryEvent) => void {
  const { logger, metrics, clock } = context;
  const outcomes = metrics.counter('deliveries_total', 'Outcomes of attempts and of set-aside deliveries', [
    'outcome',
  ]);
  const attemptSeconds = metrics.histogram('attempt_seconds', 'Duration of one POST');
  const latency = metrics.histogram('delivery_seconds', 'From acceptance to delivery');
  return ({ delivery, outcome, reason, sent, attempt, nextAttemptAtMs }) => {
    outcomes.inc({ outcome });
    if (sent !== undefined) attemptSeconds.observe(sent.evidence.result.durationMs / 1000);
    const sinceAcceptedMs = clock.now() - delivery.acceptedAtMs;
    if (outcome === 'delivered') latency.observe(sinceAcceptedMs / 1000);
    if (outcome !== 'dead' && !logger.isLevelEnabled('debug')) return;
    const { id, messageId, subscriptionId, topicId, generation } = delivery;
    const result = sent?.evidence.result;
    const line = {
      deliveryId: id,
      messageId,
      subscriptionId,
      topicId,
      generation,
      outcome,
      reason,
      attempt,
      attemptsMax: context.attemptsMax,
      status: result?.kind === 'response' ? result.status : undefined,
      errorClass: result?.kind === 'error' ? result.errorClass : undefined,
      durationMs: result?.durationMs,
      sinceAcceptedMs,
      nextAttemptAt: nextAttemptAtMs === undefined ? undefined : new Date(nextAttemptAtMs).toISOString(),
    };
    if (outcome === 'dead') logger.warn(line, 'delivery');
    else logger.debug(line, 'delivery');
  };
}
