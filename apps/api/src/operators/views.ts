import type { Delivery } from '@anika/core/delivery/delivery';
import type { ProcessReport } from '@anika/stores/mongo/process-document';
import { iso, isoOrNull } from '../http/times.ts';
import type { FoundJob, LookUp } from './look-up.ts';
import type { Overview } from './overview.ts';
import type { EndpointFigures, Ranking } from './rank-endpoints.ts';

/** Field by field: what is not named here is shown to no operator. */

export function overviewView(overview: Overview, version: string) {
  const { atMs, perSecond, queues, stores, processes } = overview;
  return {
    at: iso(atMs),
    version,
    acceptedPerSecond: perSecond.accepted,
    deliveredPerSecond: perSecond.delivered,
    failedPerSecond: perSecond.failed,
    deadPerSecond: perSecond.dead,
    queues,
    stores,
    processes: processes.map(processView),
  };
}

function processView(one: ProcessReport) {
  const { program, version, host, pid, eventLoopP99Ms, eventLoopMaxMs, cpuPercent, memoryBytes } = one;
  const times = { startedAt: iso(one.startedAtMs), seenAt: iso(one.seenAtMs) };
  return { program, version, host, pid, ...times, eventLoopP99Ms, eventLoopMaxMs, cpuPercent, memoryBytes };
}

function figuresView({ delivered, failed, dead, failedShare, p95Ms }: EndpointFigures) {
  return { delivered, failed, dead, failedShare, p95Ms: p95Ms ?? null };
}

export function rankingView({ fromMs, toMs, subscriptions, hosts }: Ranking) {
  return {
    from: iso(fromMs),
    to: iso(toMs),
    subscriptions: subscriptions.map((one) => ({
      subscriptionId: one.subscriptionId,
      topicId: one.topicId,
      topicName: one.topicName,
      partnerId: one.partnerId,
      partnerName: one.partnerName,
      host: one.host ?? null,
      state: one.state,
      failingSince: isoOrNull(one.failingSinceMs),
      ...figuresView(one),
    })),
    hosts: hosts.map((one) => ({ host: one.host, subscriptions: one.subscriptions, ...figuresView(one) })),
  };
}

type FoundDelivery = Awaited<ReturnType<LookUp['delivery']>>;

export function deliveryView({ delivery, names, job }: FoundDelivery, jobUrl: (job: FoundJob) => string) {
  return {
    id: delivery.id,
    messageId: delivery.messageId,
    topicId: delivery.topicId,
    topicName: names?.topicName ?? null,
    ownerId: delivery.ownerId,
    ownerName: names?.ownerName ?? null,
    partnerId: delivery.partnerId,
    partnerName: names?.partnerName ?? null,
    subscriptionId: delivery.subscriptionId,
    host: names?.host ?? null,
    type: delivery.type,
    state: delivery.state,
    reason: delivery.reason ?? null,
    generation: delivery.generation,
    attemptCount: delivery.attemptCount,
    acceptedAt: iso(delivery.acceptedAtMs),
    createdAt: iso(delivery.createdAtMs),
    nextAttemptAt: isoOrNull(delivery.nextAttemptAtMs),
    finishedAt: isoOrNull(delivery.finishedAtMs),
    attempts: delivery.attempts.map(({ n, atMs, durationMs, status, errorClass }) => ({
      n,
      at: iso(atMs),
      durationMs,
      status: status ?? null,
      errorClass: errorClass ?? null,
    })),
    job: job === undefined ? null : { queue: job.queue, id: job.id, state: job.state, url: jobUrl(job) },
  };
}

export function messageView({ message, topic, deliveries }: Awaited<ReturnType<LookUp['message']>>) {
  const { id, topicId, ownerId, type, acceptedAtMs } = message;
  return {
    id,
    topicId,
    topicName: topic?.name ?? null,
    ownerId,
    ownerName: topic?.ownerName ?? null,
    type,
    acceptedAt: iso(acceptedAtMs),
    deliveries: deliveries.map(shortView),
  };
}

function shortView(delivery: Delivery) {
  const { id, partnerId, subscriptionId, state, reason, attemptCount, finishedAtMs } = delivery;
  return {
    id,
    partnerId,
    subscriptionId,
    state,
    reason: reason ?? null,
    attemptCount,
    finishedAt: isoOrNull(finishedAtMs),
  };
}
