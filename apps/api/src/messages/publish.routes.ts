import * as contract from '@anika/contracts/messages';
import { Failure } from '@anika/core/failures';
import type { TopicId } from '@anika/core/ids';
import { elementTexts, memberText } from '@anika/core/json-text';
import { partnerCaller } from '../http/check-access.ts';
import { parsePart } from '../http/parse-part.ts';
import { pathId } from '../http/path-id.ts';
import { STATUS_OF } from '../http/problem.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import { iso } from '../http/times.ts';
import type { PublishCommand } from './new-message.ts';
import { type BatchOutcome, type PublishMessage, publishAll, type Receipt } from './publish-message.ts';

type Needs = { readonly publish: PublishMessage; readonly maxMessageBytes: number };
type Item = {
  readonly type: string;
  readonly data: unknown;
  readonly key?: string | undefined;
  readonly audience?: string[] | undefined;
};

function commandOf(
  topicId: TopicId,
  item: Item,
  source: { text: string; idempotencyKey: string | undefined },
): PublishCommand {
  return {
    topicId,
    type: item.type,
    key: item.key,
    data: item.data,
    dataText: memberText(source.text, 'data') ?? 'null',
    audience: item.audience,
    idempotencyKey: source.idempotencyKey,
  };
}

function receiptView({ id, topicId, type, acceptedAtMs }: Receipt) {
  return { id, topicId, type, acceptedAt: iso(acceptedAtMs) };
}

function outcomeView(outcome: BatchOutcome) {
  if ('receipt' in outcome) return { status: 202, id: outcome.receipt.id };
  const { code, message } = outcome.failure;
  return { status: STATUS_OF[code], code, detail: message };
}

/** One message of a batch: what is wrong with it is its own failure, not the batch's. */
function batchCommand(topicId: TopicId, text: string, value: unknown, maxBytes: number) {
  try {
    const bytes = Buffer.byteLength(text);
    if (bytes > maxBytes) {
      throw new Failure(
        'payload-too-large',
        `Cannot publish message: it must be at most ${maxBytes} bytes, this one has ${bytes}`,
      );
    }
    const item = parsePart(contract.batchItem, value, 'body') as ReturnType<typeof contract.batchItem.parse>;
    return commandOf(topicId, item, { text, idempotencyKey: item.idempotencyKey });
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

export function publishRoutes({ publish, maxMessageBytes }: Needs): BoundRoute[] {
  return [
    bindRoute(contract.publishMessage, async ({ params, body, bodyText, caller, header }) => {
      const idempotencyKey = parsePart(
        contract.idempotencyKey.optional(),
        header('idempotency-key'),
        'Idempotency-Key',
      ) as string | undefined;
      const command = commandOf(pathId('top', params.id), body, { text: bodyText, idempotencyKey });
      const receipt = await publish(command, partnerCaller(caller));
      return {
        body: receiptView(receipt),
        ...(receipt.replayed && { headers: { 'Idempotency-Replayed': 'true' } }),
      };
    }),
    bindRoute(contract.publishBatch, async ({ params, body, bodyText, caller }) => {
      const topicId = pathId('top', params.id);
      const texts = elementTexts(memberText(bodyText, 'messages') ?? '[]');
      const commands = body.messages.map((value, index) =>
        batchCommand(topicId, texts[index] ?? '', value, maxMessageBytes),
      );
      const outcomes = await publishAll(publish, commands, partnerCaller(caller));
      const missing = outcomes.find((one) => 'failure' in one && one.failure.code === 'not-found');
      // The topic is the same for all: not there for one is not there for the request.
      if (missing !== undefined && 'failure' in missing) throw missing.failure;
      return { body: { items: outcomes.map(outcomeView) } };
    }),
  ];
}
