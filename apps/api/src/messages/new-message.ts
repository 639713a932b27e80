import { createHash } from 'node:crypto';
import { grantState } from '@anika/core/access';
import { canonicalJson } from '@anika/core/canonical-json';
import { formatDataPath } from '@anika/core/data-path';
import { Failure, invalid } from '@anika/core/failures';
import { said } from '@anika/core/field-rules';
import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import { compactText, hasLoneSurrogate, jsonDepth, repeatedName } from '@anika/core/json-text';
import type { Message } from '@anika/core/message';
import type { Route } from '@anika/core/route';

const MAX_DATA_DEPTH = 32;

/** A message as its publisher gave it, in whichever form: `dataText` is the source of `data`. */
export type GivenMessage = {
  readonly type: string;
  readonly key: string | undefined;
  /** `dataText` parsed, its numbers with all their digits. */
  readonly data: unknown;
  readonly dataText: string;
  readonly audience: readonly string[] | undefined;
  readonly idempotencyKey: string | undefined;
  /** When it is to be sent; undefined: now. */
  readonly deliverAtMs?: number | undefined;
};
export type PublishCommand = GivenMessage & { readonly topicId: TopicId };

/** A message ready to be stored. */
export type AcceptedMessage = Message & {
  readonly data: unknown;
  /** Of the body an idempotency key came with. */
  readonly fingerprint: string | undefined;
};

/** What the contract's schema cannot say of the data: its depth, its characters and its names. */
export function checkForm(command: PublishCommand): void {
  const depth = jsonDepth(command.dataText);
  if (depth > MAX_DATA_DEPTH) {
    throw invalid('data', said('data-depth', { max: MAX_DATA_DEPTH, count: depth }));
  }
  if (hasLoneSurrogate(command.data, command.dataText)) {
    throw invalid('data', 'holds half of a surrogate pair, which is not a character');
  }
  const repeated = repeatedName(command.data, command.dataText);
  if (repeated !== undefined) throw invalid(formatDataPath(['data', ...repeated]), said('repeated-name'));
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

/** The message of a command that was given its id. */
export function toMessage(
  command: PublishCommand,
  ownerId: PartnerId,
  made: {
    readonly id: MessageId;
    readonly nowMs: number;
    readonly order: number;
    readonly requestId: string;
    /** When it is to be sent, if that is not now. */
    readonly laterMs: number | undefined;
  },
): AcceptedMessage {
  const { topicId, type, key, data, dataText, idempotencyKey } = command;
  return {
    id: made.id,
    topicId,
    ownerId,
    type,
    key,
    data,
    dataText,
    acceptedAtMs: made.laterMs ?? made.nowMs,
    ...(made.laterMs !== undefined && { publishedAtMs: made.nowMs }),
    audience: command.audience as readonly PartnerId[] | undefined,
    order: made.order,
    requestId: made.requestId,
    fingerprint: idempotencyKey === undefined ? undefined : fingerprintOf(command),
  };
}

/**
 * Neither white space nor the order of members makes another message (RFC 8785), nor how a number is written; a digit
 * beyond what a double holds does.
 */
function fingerprintOf(command: PublishCommand): string {
  return hashOf(command, canonicalJson(command.data));
}

/** As former versions made it: of the text without white space, its members in their order. */
export function formerFingerprintOf(command: PublishCommand): string {
  return hashOf(command, compactText(command.dataText));
}

function hashOf({ type, key, audience, deliverAtMs }: PublishCommand, data: string): string {
  const when = deliverAtMs === undefined ? [] : [deliverAtMs];
  const about = JSON.stringify([type, key ?? null, audience ?? null, ...when]);
  return createHash('sha256').update(about).update(data).digest('base64url');
}

/** The answer to a repeated idempotency key: the first message, if this is the same one again. */
export function replayOf<M extends { readonly fingerprint: string | undefined }>(
  first: M | undefined,
  again: Pick<AcceptedMessage, 'id' | 'fingerprint'>,
): M {
  if (first === undefined) throw new Error(`message ${again.id} is a duplicate of none`);
  if (first.fingerprint === again.fingerprint) return first;
  throw new Failure(
    'idempotency-mismatch',
    'This Idempotency-Key (of a CloudEvent: source and id) was used for another message of this topic; use a new one for a new message',
  );
}
