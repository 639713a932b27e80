import * as contract from '@anika/contracts/publish';
import { Failure, type FailureCode } from '@anika/core/failures';
import { parseTraceparent } from '@anika/core/trace';
import { partnerCaller } from '../http/check-access.ts';
import { pathId } from '../http/path-id.ts';
import { STATUS_OF, toFailure } from '../http/problem.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso } from '../http/times.ts';
import { type BatchOutcome, type PublishMessage, publishAll, type Receipt } from './publish-message.ts';
import { createReadBatch, readMessage } from './read-message.ts';

type Needs = {
  readonly publish: PublishMessage;
  readonly maxMessageBytes: number;
  /** Told of messages of a batch that failed for a reason of ours. */
  readonly failed: (failure: Failure) => void;
};

/** The codes of a topic that is not there, or not the caller's to publish to. */
const NO_TOPIC = new Set<FailureCode>(['not-found', 'forbidden']);

function receiptView({ id, topicId, type, acceptedAtMs, deliverAtMs }: Receipt) {
  return { id, topicId, type, acceptedAt: iso(acceptedAtMs), ...laterView(deliverAtMs) };
}

function laterView(deliverAtMs: number | undefined) {
  return deliverAtMs === undefined ? {} : { deliverAt: iso(deliverAtMs) };
}

function outcomeView(outcome: BatchOutcome) {
  if ('receipt' in outcome) {
    const { id, deliverAtMs, replayed } = outcome.receipt;
    return { status: 202, id, ...laterView(deliverAtMs), ...(replayed && { replayed }) };
  }
  const { code, message, errors } = outcome.failure;
  return { status: STATUS_OF[code], code, detail: message, ...(errors !== undefined && { errors }) };
}

/** What is one failure for all messages of a batch is the answer to the request. */
function commonFailure(outcomes: readonly BatchOutcome[]): Failure | undefined {
  const failures = outcomes.flatMap((one) => ('failure' in one ? [one.failure] : []));
  // The topic is the same for all: what keeps one from it keeps the whole request.
  const missing = failures.find(({ code }) => NO_TOPIC.has(code));
  const away = failures.filter(({ code }) => code === 'unavailable');
  return missing ?? (away.length === outcomes.length ? away[0] : undefined);
}

export function publishRoutes({ publish, maxMessageBytes, failed }: Needs): BoundRoute[] {
  return [
    bindRoute(
      contract.publishMessage,
      async ({ params, body, caller, header, requestId, gone }) => {
        const command = { topicId: pathId('top', params.id), ...body };
        const partOf = parseTraceparent(header('traceparent'));
        const receipt = await publish(command, {
          by: partnerCaller(caller),
          requestId,
          partOf,
          gone: gone(),
        });
        return {
          body: receiptView(receipt),
          ...(receipt.replayed && { headers: { 'Idempotency-Replayed': 'true' } }),
        };
      },
      readMessage,
    ),
    bindRoute(
      contract.publishBatch,
      async ({ params, body, caller, header, requestId, gone }) => {
        const topicId = pathId('top', params.id);
        const commands = body.map((one) => (one instanceof Failure ? one : { topicId, ...one }));
        const outcomes = await publishAll(publish, commands, {
          by: partnerCaller(caller),
          requestId,
          partOf: parseTraceparent(header('traceparent')),
          gone: gone(),
          toFailure(error) {
            const failure = toFailure(error);
            if (STATUS_OF[failure.code] >= 500) failed(failure);
            return failure;
          },
        });
        const common = commonFailure(outcomes);
        if (common !== undefined) throw common;
        return { body: { items: outcomes.map(outcomeView) } };
      },
      createReadBatch(maxMessageBytes),
    ),
  ];
}
