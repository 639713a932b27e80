import * as contract from '@anika/contracts/messages';
import { redriveSubscription } from '@anika/contracts/subscriptions';
import { type Attempt, DELIVERY_STATES, type Delivery } from '@anika/core/delivery/delivery';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { partnerCaller } from '../http/check-access.ts';
import { decodeTimeCursor, encodeTimeCursor, pageOf } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, isoOrNull, rangeOf } from '../http/times.ts';
import type { Deliveries, Receipts } from './deliveries.ts';

function deliveryView(delivery: Delivery) {
  const { id, messageId, topicId, subscriptionId, partnerId, type, state, attemptCount } = delivery;
  return {
    id,
    messageId,
    topicId,
    subscriptionId,
    partnerId,
    type,
    state,
    reason: delivery.reason ?? null,
    attemptCount,
    nextAttemptAt: isoOrNull(delivery.nextAttemptAtMs),
    acceptedAt: iso(delivery.acceptedAtMs),
    createdAt: iso(delivery.createdAtMs),
    finishedAt: isoOrNull(delivery.finishedAtMs),
  };
}

function attemptView(attempt: Attempt) {
  return {
    n: attempt.n,
    at: iso(attempt.atMs),
    durationMs: attempt.durationMs,
    status: attempt.status ?? null,
    errorClass: attempt.errorClass ?? null,
    error: attempt.errorMessage ?? null,
    response: attempt.responseStart ?? null,
  };
}

function receiptsView(receipts: Receipts) {
  const { accepted, counts, medianMs, p95Ms, oldestOpenMs } = receipts;
  return {
    accepted,
    deliveries: Object.fromEntries(DELIVERY_STATES.map((state) => [state, counts[state] ?? 0])),
    timeToDeliveryMs: { median: medianMs ?? null, p95: p95Ms ?? null },
    oldestUndeliveredAt: isoOrNull(oldestOpenMs),
  };
}

function receiptView(delivery: Delivery) {
  const { id, messageId, topicId, ownerId, partnerId, state, attempts } = delivery;
  return {
    deliveryId: id,
    messageId,
    topicId,
    ownerId,
    partnerId,
    state,
    attempts: attempts.map(({ n, atMs, bodyHash, signature, status }) => ({
      n,
      at: iso(atMs),
      bodySha256: bodyHash,
      signature,
      status: status ?? null,
    })),
  };
}

const page = (found: readonly Delivery[], limit: number) =>
  pageOf(found, limit, { cursor: encodeTimeCursor, view: deliveryView });

export function deliveryRoutes(deliveries: Deliveries): BoundRoute[] {
  return [
    bindRoute(contract.listMessageDeliveries, async ({ params, query, caller }) => {
      const list = { after: decodeTimeCursor(query.cursor), limit: query.limit + 1 };
      const id = pathId('msg', params.id);
      return { body: page(await deliveries.listOfMessage(id, list, partnerCaller(caller)), query.limit) };
    }),
    bindRoute(contract.listDeliveries, async ({ query, caller }) => {
      const found = await deliveries.list(
        {
          subscriptionId: query.subscriptionId as SubscriptionId | undefined,
          topicId: query.topicId as TopicId | undefined,
          state: query.state,
          ...rangeOf(query),
          after: decodeTimeCursor(query.cursor),
          limit: query.limit + 1,
        },
        partnerCaller(caller),
      );
      return { body: page(found, query.limit) };
    }),
    bindRoute(contract.getDelivery, async ({ params, caller }) => {
      const delivery = await deliveries.get(pathId('dlv', params.id), partnerCaller(caller));
      return { body: { ...deliveryView(delivery), attempts: delivery.attempts.map(attemptView) } };
    }),
    bindRoute(contract.retryDelivery, async ({ params, caller }) => ({
      body: deliveryView(await deliveries.retry(pathId('dlv', params.id), partnerCaller(caller))),
    })),
    bindRoute(contract.resendDelivery, async ({ params, caller }) => ({
      body: deliveryView(await deliveries.resend(pathId('dlv', params.id), partnerCaller(caller))),
    })),
    bindRoute(redriveSubscription, async ({ params, body, caller }) => {
      const id = pathId('sub', params.id);
      return { body: { redriven: await deliveries.redrive(id, rangeOf(body), partnerCaller(caller)) } };
    }),
    bindRoute(contract.receipts, async ({ query, caller }) => {
      const receipts = await deliveries.receipts(
        {
          topicId: query.topicId as TopicId,
          partnerId: query.partnerId as PartnerId | undefined,
          fromMs: Date.parse(query.from),
          toMs: Date.parse(query.to),
        },
        partnerCaller(caller),
      );
      return { body: receiptsView(receipts) };
    }),
    bindRoute(contract.deliveryReceipt, async ({ params, caller }) => ({
      body: receiptView(await deliveries.receipt(pathId('dlv', params.id), partnerCaller(caller))),
    })),
  ];
}
