import * as contract from '@anika/contracts/publish';
import { mayBeExact, parseExact } from '@anika/core/exact-json';
import { Failure, type FailureCode, invalid } from '@anika/core/failures';
import type { TopicId } from '@anika/core/ids';
import { elementTexts, memberText, memberTexts, REPEATED_NAME } from '@anika/core/json-text';
import { partnerCaller } from '../http/check-access.ts';
import { parsePart } from '../http/parse-part.ts';
import { pathId } from '../http/path-id.ts';
import { STATUS_OF, toFailure } from '../http/problem.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso, msOf } from '../http/times.ts';
import type { PublishCommand } from './new-message.ts';
import { type BatchOutcome, type PublishMessage, publishAll, type Receipt } from './publish-message.ts';

type Needs = {
  readonly publish: PublishMessage;
  readonly maxMessageBytes: number;
  /** Told of messages of a batch that failed for a reason of ours. */
  readonly failed: (failure: Failure) => void;
};
type Item = {
  readonly type: string;
  readonly data: unknown;
  readonly key?: string | undefined;
  readonly audience?: string[] | undefined;
  readonly deliverAt?: string | undefined;
};

/** The codes of a topic that is not there, or not the caller's to publish to. */
const NO_TOPIC = new Set<FailureCode>(['not-found', 'forbidden']);

function commandOf(
  topicId: TopicId,
  item: Item,
  source: { text: string; idempotencyKey: string | undefined },
): PublishCommand {
  const dataText = memberText(source.text, 'data') ?? 'null';
  return {
    topicId,
    type: item.type,
    key: item.key,
    data: mayBeExact(dataText) ? parseExact(dataText) : item.data,
    dataText,
    audience: item.audience,
    idempotencyKey: source.idempotencyKey,
    deliverAtMs: msOf(item.deliverAt),
  };
}

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

function keyHeader(header: (name: string) => string | undefined): string | undefined {
  const key = header('idempotency-key');
  return parsePart(contract.idempotencyKey.optional(), key, 'Idempotency-Key') as string | undefined;
}

/** Of a message without a key of its own. No key that is sent holds a line break. */
function keyOfPlace(key: string | undefined, index: number): string | undefined {
  return key === undefined ? undefined : `${key}\n${index}`;
}

/** One message of a batch: what is wrong with it is its own failure, not the batch's. */
function batchCommand(
  topicId: TopicId,
  value: unknown,
  source: { text: string; maxBytes: number; keyOfPlace: string | undefined },
) {
  const { text, maxBytes } = source;
  try {
    const bytes = Buffer.byteLength(text);
    if (bytes > maxBytes) {
      throw new Failure(
        'payload-too-large',
        `Cannot publish message: it must be at most ${maxBytes} bytes, this one has ${bytes}`,
      );
    }
    const item = parsePart(contract.batchItem, value, 'body') as ReturnType<typeof contract.batchItem.parse>;
    const repeated = memberTexts(text).find(
      ({ name }, at, all) => all.findIndex((one) => one.name === name) < at,
    );
    if (repeated !== undefined) throw invalid(repeated.name, REPEATED_NAME);
    return commandOf(topicId, item, { text, idempotencyKey: item.idempotencyKey ?? source.keyOfPlace });
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

export function publishRoutes({ publish, maxMessageBytes, failed }: Needs): BoundRoute[] {
  return [
    bindRoute(
      contract.publishMessage,
      async ({ params, body, bodyText, caller, header, requestId, gone }) => {
        const source = { text: bodyText, idempotencyKey: keyHeader(header) };
        const command = commandOf(pathId('top', params.id), body, source);
        const receipt = await publish(command, { by: partnerCaller(caller), requestId, gone: gone() });
        return {
          body: receiptView(receipt),
          ...(receipt.replayed && { headers: { 'Idempotency-Replayed': 'true' } }),
        };
      },
    ),
    bindRoute(contract.publishBatch, async ({ params, body, bodyText, caller, header, requestId, gone }) => {
      const topicId = pathId('top', params.id);
      const key = keyHeader(header);
      const [messages, ...again] = memberTexts(bodyText);
      if (again.length > 0) throw invalid('messages', REPEATED_NAME);
      const texts = elementTexts(messages?.valueText ?? '[]');
      const commands = body.messages.map((value, index) =>
        batchCommand(topicId, value, {
          text: texts[index] ?? '',
          maxBytes: maxMessageBytes,
          keyOfPlace: keyOfPlace(key, index),
        }),
      );
      const outcomes = await publishAll(publish, commands, {
        by: partnerCaller(caller),
        requestId,
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
    }),
  ];
}
