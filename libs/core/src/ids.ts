/** Branded ids: a `DeliveryId` is not a `MessageId`, although both are strings. */
declare const brand: unique symbol;
type Id<B extends string> = string & { readonly [brand]: B };

export type PartnerId = Id<'par'>;
export type UserId = Id<'usr'>;
export type TopicId = Id<'top'>;
export type GrantId = Id<'grt'>;
export type SubscriptionId = Id<'sub'>;
export type MessageId = Id<'msg'>;
export type DeliveryId = Id<'dlv'>;
export type ApiKeyId = Id<'key'>;
export type AccessRequestId = Id<'req'>;
export type SessionId = Id<'ses'>;
export type InvitationId = Id<'inv'>;
export type ReplayId = Id<'rpl'>;
export type ErasureId = Id<'era'>;

export type IdOf = {
  par: PartnerId;
  usr: UserId;
  top: TopicId;
  grt: GrantId;
  sub: SubscriptionId;
  msg: MessageId;
  dlv: DeliveryId;
  key: ApiKeyId;
  req: AccessRequestId;
  ses: SessionId;
  inv: InvitationId;
  rpl: ReplayId;
  era: ErasureId;
};
export type IdPrefix = keyof IdOf;
/** Makes a new id of a kind. */
export type IdMaker = <P extends IdPrefix>(prefix: P) => IdOf[P];
/** The type of the ids with a prefix. */
export type IdWith<P extends IdPrefix> = IdOf[P];

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARS = 10;
const RANDOM_BYTES = 10;

/** Lower-case Crockford base32 of bytes, five bits a character; left-over bits are dropped. */
export function base32(bytes: Uint8Array): string {
  let out = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return out;
}

function base32Time(ms: number): string {
  let out = '';
  let rest = ms;
  for (let i = 0; i < TIME_CHARS; i += 1) {
    out = ALPHABET[rest % 32] + out;
    rest = Math.floor(rest / 32);
  }
  return out;
}

/**
 * A new id: prefix, 48 bits of milliseconds, 80 random bits (the ULID layout), so that ids sort by time
 * and cannot be guessed. `random` must come from a cryptographic source and hold at least 10 bytes.
 */
export function newId<P extends IdPrefix>(prefix: P, nowMs: number, random: Uint8Array): IdOf[P] {
  if (random.length < RANDOM_BYTES) throw new RangeError('newId: 10 random bytes are needed');
  return `${prefix}_${base32Time(nowMs)}${base32(random.subarray(0, RANDOM_BYTES))}` as IdOf[P];
}

/**
 * The id of a message published with an idempotency key: the same topic and key give the same id, so the
 * insert itself is the check and a repeated publish cannot be stored twice. `hash` is HMAC-SHA-256 of
 * `idempotencyInput(topicId, key)` under a key of the installation: whoever sees the id cannot try keys.
 */
export function idempotentMessageId(hash: Uint8Array): MessageId {
  return `msg_${base32(hash.subarray(0, 17)).slice(0, 26)}` as MessageId;
}

/**
 * The id of the notice that a message was taken back: one for each message, however often it is made. `hash` is
 * SHA-256 of `recallNoticeInput(messageId)`.
 */
export function recallNoticeId(hash: Uint8Array): MessageId {
  return idempotentMessageId(hash);
}

/** The erasure of a topic that was deleted: one for each. */
export function topicErasureId(topicId: TopicId): ErasureId {
  return `era_${topicId.slice(4)}` as ErasureId;
}

/** What is hashed for `recallNoticeId`. */
export function recallNoticeInput(messageId: MessageId): string {
  return `recalled\n${messageId}`;
}

/** What is hashed for `idempotentMessageId`. */
export function idempotencyInput(topicId: TopicId, key: string): string {
  return `${topicId}\n${key}`;
}

/**
 * The id of the delivery of one message to one subscription. Fanning out twice gives the same ids, so a
 * crash in mid fan-out cannot create a second delivery. It begins with the message's own part: the
 * deliveries of a message are one range of ids (`deliveryIdRange`). `hash` is SHA-256 of
 * `deliveryInput(messageId, subscriptionId)`.
 */
export function deliveryId(messageId: MessageId, hash: Uint8Array): DeliveryId {
  return `dlv_${messageId.slice(4)}${base32(hash.subarray(0, 10))}` as DeliveryId;
}

/** What is hashed for `deliveryId`. */
export function deliveryInput(messageId: MessageId, subscriptionId: SubscriptionId): string {
  return `${messageId}\n${subscriptionId}`;
}

/** All delivery ids of a message `x` satisfy `from <= x < to`. */
export function deliveryIdRange(messageId: MessageId): { from: string; to: string } {
  const stem = `dlv_${messageId.slice(4)}`;
  return { from: stem, to: `${stem}~` };
}

/**
 * The BullMQ job id of a delivery's n-th generation. The same generation added twice is one job; a redrive raises the
 * generation, so a finished job of an earlier one cannot swallow it. Holds no `:` (BullMQ).
 */
export function deliverJobId(id: DeliveryId, generation: number): string {
  return `${id}_g${generation}`;
}

/** The parts of a job id, so that a job can be made again from its id alone. Undefined for another text. */
export function parseDeliverJobId(
  text: string,
): { deliveryId: DeliveryId; messageId: MessageId; generation: number } | undefined {
  const match = /^(dlv_([0-9a-z]{26})[0-9a-z]{16})_g(\d{1,9})$/.exec(text);
  const [, id, stem, generation] = match ?? [];
  if (id === undefined) return undefined;
  return {
    deliveryId: id as DeliveryId,
    messageId: `msg_${stem}` as MessageId,
    generation: Number(generation),
  };
}

const ID_PATTERN = /^([a-z]{3})_[0-9a-z]{16,64}$/;

/** Whether a text has the form of an id, of whatever kind. */
export function isAnyId(text: string): boolean {
  return ID_PATTERN.test(text);
}

/** Whether a text has the form of an id with this prefix. */
export function isId<P extends IdPrefix>(prefix: P, text: string): text is IdOf[P] {
  return ID_PATTERN.exec(text)?.[1] === prefix;
}
