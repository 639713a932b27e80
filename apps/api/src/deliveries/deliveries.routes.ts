import * as contract from '@anika/contracts/deliveries';
import { listTopicDeliveries } from '@anika/contracts/topic-deliveries';
import type { Phases } from '@anika/core/delivery/attempt-result';
import type { Attempt, Delivery } from '@anika/core/delivery/delivery';
import { traceparentOf } from '@anika/core/trace';
import { partnerCaller } from '../http/check-access.ts';
import { decodeTimeCursor, encodeTimeCursor, pageOf } from '../http/page.ts';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, isoOrNull, rangeOf } from '../http/times.ts';
import type { Deliveries } from './deliveries.ts';

function headView(delivery: Delivery) {
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

function deliveryView(delivery: Delivery) {
  const last = delivery.attempts.at(-1);
  return { ...headView(delivery), lastAttempt: last === undefined ? null : lastView(last) };
}

function lastView({ n, atMs, status, errorClass }: Attempt) {
  return { n, at: iso(atMs), status: status ?? null, errorClass: errorClass ?? null };
}

/** Of an attempt, what both companies see. */
function sharedAttemptView(attempt: Attempt, { messageId }: Delivery) {
  const { spanId } = attempt;
  return {
    n: attempt.n,
    at: iso(attempt.atMs),
    durationMs: attempt.durationMs,
    status: attempt.status ?? null,
    errorClass: attempt.errorClass ?? null,
    bodySha256: attempt.bodyHash,
    traceparent: spanId === undefined ? null : traceparentOf(messageId, spanId),
    grantVersion: attempt.grantVersion ?? null,
  };
}

/** And what is the subscriber's alone: its endpoint, what that said, and the way there. */
function ownAttemptView(attempt: Attempt, delivery: Delivery) {
  return {
    ...sharedAttemptView(attempt, delivery),
    error: attempt.errorMessage ?? null,
    response: attempt.responseStart ?? null,
    address: attempt.address ?? null,
    phases: attempt.phases === undefined ? null : phasesView(attempt.phases),
  };
}

function phasesView({ dns, connect, tls, firstByte, body }: Phases) {
  return {
    dns: dns ?? null,
    connect: connect ?? null,
    tls: tls ?? null,
    firstByte: firstByte ?? null,
    body: body ?? null,
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
          subscriptionId: query.subscriptionId,
          topicId: query.topicId,
          state: query.state,
          ...rangeOf(query),
          after: decodeTimeCursor(query.cursor),
          limit: query.limit + 1,
        },
        partnerCaller(caller),
      );
      return { body: page(found, query.limit) };
    }),
    bindRoute(listTopicDeliveries, async ({ params, query, caller }) => {
      const found = await deliveries.listOfTopic(
        {
          topicId: pathId('top', params.id),
          partnerId: query.partnerId,
          state: query.state,
          ...rangeOf(query),
          after: decodeTimeCursor(query.cursor),
          limit: query.limit + 1,
        },
        partnerCaller(caller),
      );
      const view = (delivery: Delivery) => ({
        ...headView(delivery),
        attempts: delivery.attempts.map((one) => sharedAttemptView(one, delivery)),
      });
      return { body: pageOf(found, query.limit, { cursor: encodeTimeCursor, view }) };
    }),
    bindRoute(contract.getDelivery, async ({ params, caller }) => {
      const { delivery, isOwn } = await deliveries.get(pathId('dlv', params.id), partnerCaller(caller));
      const view = isOwn ? ownAttemptView : sharedAttemptView;
      const attempts = delivery.attempts.map((one) => view(one, delivery));
      return { body: { ...deliveryView(delivery), attempts } };
    }),
    bindRoute(contract.retryDelivery, async ({ params, caller }) => ({
      body: deliveryView(await deliveries.retry(pathId('dlv', params.id), partnerCaller(caller))),
    })),
    bindRoute(contract.resendDelivery, async ({ params, caller }) => ({
      body: deliveryView(await deliveries.resend(pathId('dlv', params.id), partnerCaller(caller))),
    })),
    bindRoute(contract.redriveSubscription, async ({ params, body, caller }) => {
      const id = pathId('sub', params.id);
      return { body: { redriven: await deliveries.redrive(id, rangeOf(body), partnerCaller(caller)) } };
    }),
  ];
}
