import type { IncomingHttpHeaders } from 'node:http';
import { BATCH_TYPE, EVENT_TYPE, eventBatch, messageBatch } from '@anika/contracts/publish';
import { batchItem, idempotencyKey, publishedMessage } from '@anika/contracts/published-message';
import { Failure, invalid } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import { elementTexts, memberText, memberTexts } from '@anika/core/json-text';
import type { z } from 'zod';
import { parsePart } from '../http/parse-part.ts';
import type { Body } from '../http/read-body.ts';
import type { ParseBody } from '../http/route.ts';
import { msOf } from '../http/times.ts';
import type { GivenMessage } from './new-message.ts';
import { dataOf, eventHeaders, type Json, readBinary, readEvent } from './read-event.ts';

const EMPTY: Json = { text: '', value: undefined };

/** One message: in ANIKA's own form, or a CloudEvent in structured or binary mode. */
export function readMessage(body: Body | undefined, headers: IncomingHttpHeaders): GivenMessage {
  const key = keyOf(headers);
  const attributes = eventHeaders(headers);
  const isStructured = body?.mediaType === EVENT_TYPE;
  if (!isStructured && attributes.size === 0) {
    const { text, value } = body ?? EMPTY;
    return givenMessage(parsePart(publishedMessage, value, 'body'), { text, key });
  }
  refuseKey(key);
  return isStructured ? readEvent(body, attributes) : readBinary(body, attributes);
}

/** The messages of a batch, all of one form; what is wrong with one of them is its own failure, not the batch's. */
export function createReadBatch(maxMessageBytes: number): ParseBody<(GivenMessage | Failure)[]> {
  return (body, headers) => {
    const key = keyOf(headers);
    const [attribute] = eventHeaders(headers).keys();
    if (attribute !== undefined)
      throw invalid(`ce-${attribute}`, 'is of one event, which is published for itself');
    const { text, value } = body ?? EMPTY;
    if (body?.mediaType === BATCH_TYPE) {
      refuseKey(key);
      const values = parsePart(eventBatch, value, 'body');
      return readItems({ values, text, maxMessageBytes }, (item) => readEvent(item));
    }
    const { messages: values } = parsePart(messageBatch, value, 'body');
    const [member, ...again] = memberTexts(text);
    if (again.length > 0) throw invalid('messages', said('repeated-name'));
    return readItems({ values, text: member?.valueText ?? '[]', maxMessageBytes }, (item, index) => {
      const given = parsePart(batchItem, item.value, 'body');
      return givenMessage(given, { text: item.text, key: given.idempotencyKey ?? keyOfPlace(key, index) });
    });
  };
}

type Items = {
  readonly values: readonly unknown[];
  /** Of their list. */
  readonly text: string;
  readonly maxMessageBytes: number;
};

function readItems(
  { values, text, maxMessageBytes }: Items,
  read: (item: Json, index: number) => GivenMessage,
): (GivenMessage | Failure)[] {
  const texts = elementTexts(text);
  return values.map((value, index) => {
    const item = { text: texts[index] ?? '', value };
    try {
      refuseLong(item, maxMessageBytes);
      const given = read(item, index);
      refuseRepeated(item);
      return given;
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
  });
}

function refuseLong({ text }: Json, maxBytes: number): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxBytes) return;
  throw new Failure(
    'payload-too-large',
    `Cannot publish message: it must be at most ${maxBytes} bytes, this one has ${bytes}`,
  );
}

/** Those in `data` are found with its form. */
function refuseRepeated({ text }: Json): void {
  const repeated = memberTexts(text).find(
    ({ name }, at, all) => all.findIndex((one) => one.name === name) < at,
  );
  if (repeated !== undefined) throw invalid(repeated.name, said('repeated-name'));
}

function givenMessage(
  item: z.output<typeof publishedMessage>,
  { text, key }: { text: string; key: string | undefined },
): GivenMessage {
  const dataText = memberText(text, 'data') ?? 'null';
  return {
    type: item.type,
    key: item.key,
    data: dataOf({ text: dataText, value: item.data }),
    dataText,
    audience: item.audience,
    idempotencyKey: key,
    deliverAtMs: msOf(item.deliverAt),
  };
}

function keyOf(headers: IncomingHttpHeaders): string | undefined {
  return parsePart(idempotencyKey.optional(), headers['idempotency-key'], 'Idempotency-Key');
}

/** Of a message without a key of its own. No key that is sent holds a line break. */
function keyOfPlace(key: string | undefined, index: number): string | undefined {
  return key === undefined ? undefined : `${key}\n${index}`;
}

/** Of two keys nobody could tell which one a repeated request has in common with the first. */
function refuseKey(key: string | undefined): void {
  if (key === undefined) return;
  throw invalid('Idempotency-Key', 'is not taken with a CloudEvent, whose key its source and id are');
}
