import { createHash } from 'node:crypto';
import { grantState } from '@anika/core/access';
import { Failure, invalid } from '@anika/core/failures';
import {
  idempotencyInput,
  idempotentMessageId,
  type MessageId,
  type PartnerId,
  type TopicId,
} from '@anika/core/ids';
import { compactText, hasLoneSurrogate, jsonDepth } from '@anika/core/json-text';
import type { Message } from '@anika/core/message';
import type { Route } from '@anika/core/route';

const MAX_DATA_DEPTH = 32;

/** A message as its publisher gave it: checked for form, `dataText` is the source of `data`. */
export type PublishCommand = {
  readonly topicId: TopicId;
  readonly type: string;
  readonly key: string | undefined;
  readonly data: unknown;
  readonly dataText: string;
  readonly audience: readonly string[] | undefined;
  readonly idempotencyKey: string | undefined;
};

/** A message ready to be stored. */
export type AcceptedMessage = Message & {
  readonly data: unknown;
  /** Of the body an idempotency key came with. */
  readonly fingerprint: string | undefined;
};

/** What the contract's schema cannot say of the data: its depth and its characters. */
export function checkForm(command: PublishCommand): void {
  const depth = jsonDepth(command.dataText);
  if (depth > MAX_DATA_DEPTH) {
    throw invalid('data', `must be at most ${MAX_DATA_DEPTH} levels deep, this has ${depth}`);
  }
  if (hasLoneSurrogate(command.data, command.dataText)) {
    throw invalid('data', 'holds half of a surrogate pair, which is not a character');
  }
}

/** Only partners that may read the topic now can be named. */
export function checkAudience(command: PublishCommand, route: Route, nowMs: number): void {
  const stranger = command.audience?.findIndex((partnerId) => !mayRead(route, partnerId as PartnerId, nowMs));
  if (stranger !== undefined && stranger >= 0) {
    throw invalid(`audience.${stranger}`, 'has no active grant on this topic');
  }
}

function mayRead(route: Route, partnerId: PartnerId, nowMs: number): boolean {
  if (partnerId === route.topic.ownerId) return true;
  const grant = route.grants.get(partnerId);
  return grant !== undefined && grantState(grant, nowMs) === 'active';
}

/** `newId` is used where no idempotency key gives the id. */
export function toMessage(
  command: PublishCommand,
  ownerId: PartnerId,
  made: { nowMs: number; newId: (nowMs: number) => MessageId },
): AcceptedMessage {
  const { topicId, type, key, data, dataText, idempotencyKey } = command;
  const { nowMs } = made;
  return {
    id: idempotencyKey === undefined ? made.newId(nowMs) : idOfKey(topicId, idempotencyKey),
    topicId,
    ownerId,
    type,
    key,
    data,
    dataText,
    acceptedAtMs: nowMs,
    audience: command.audience as readonly PartnerId[] | undefined,
    fingerprint: idempotencyKey === undefined ? undefined : fingerprintOf(command),
  };
}

function idOfKey(topicId: TopicId, idempotencyKey: string): MessageId {
  const hash = createHash('sha256').update(idempotencyInput(topicId, idempotencyKey)).digest();
  return idempotentMessageId(hash);
}

/**
 * White space in the JSON makes no other message; the order of its members does, and so does a digit beyond what
 * a double holds: parsed, two such messages would be one.
 */
function fingerprintOf({ type, key, dataText, audience }: PublishCommand): string {
  const about = JSON.stringify([type, key ?? null, audience ?? null]);
  return createHash('sha256').update(about).update(compactText(dataText)).digest('base64url');
}

/** The answer to a repeated idempotency key: the first message, if this is the same one again. */
export function replayOf<M extends { readonly fingerprint: string | undefined }>(
  first: M | undefined,
  again: AcceptedMessage,
): M {
  if (first === undefined) throw new Error(`message ${again.id} is a duplicate of none`);
  if (first.fingerprint === again.fingerprint) return first;
  throw new Failure(
    'idempotency-mismatch',
    'This Idempotency-Key was used for another message of this topic; use a new key for a new message',
  );
}
