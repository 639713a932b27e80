import { createHash } from 'node:crypto';
import type { FanOutMessage } from '@anika/broker/fan-out';
import type { PartnerCaller } from '@anika/core/access';
import { parseExact } from '@anika/core/exact-json';
import { Failure, notFound } from '@anika/core/failures';
import type { MessageId, PartnerId } from '@anika/core/ids';
import { isReservedType, type Message } from '@anika/core/message';
import { nextLookMs, type Recalled } from '@anika/core/recall';
import type { Located } from '@anika/stores/mongo/messages';
import type { RecallStore } from '@anika/stores/mongo/recalls';
import type { ReadMessage } from './readable-messages.ts';

export type RecallNeeds = {
  readonly locate: (id: MessageId) => Promise<Located | undefined>;
  readonly find: (id: MessageId) => Promise<Message | 'recalled' | undefined>;
  readonly readMessage: ReadMessage;
  /** Companies that had, or were to have, a message. */
  readonly partnersOf: (id: MessageId) => Promise<readonly PartnerId[]>;
  /** For the owner's log and those companies'. */
  readonly record: (
    message: Message,
    reason: string,
    by: { caller: PartnerCaller; partnerIds: readonly PartnerId[] },
  ) => Promise<void>;
  readonly recall: RecallStore['recall'];
  readonly cancelUnstored: (message: FanOutMessage) => Promise<void>;
  readonly carryOut: (recalled: Recalled) => Promise<unknown>;
  /** Told that dispatchers have to do the rest. */
  readonly left: (id: MessageId, error: unknown) => void;
  /** What came of it by now. */
  readonly counts: (id: MessageId) => Promise<{ cancelled: number; notified: number }>;
  readonly clock: { now(): number };
};

export type RecallReceipt = {
  readonly id: MessageId;
  readonly cancelled: number;
  readonly notified: number;
};
export type RecallMessage = (id: MessageId, reason: string, by: PartnerCaller) => Promise<RecallReceipt>;

/**
 * Takes a message back. From the moment its contents are gone nobody reads or sends it; what follows is carried out
 * here, and by dispatchers should this process not come to it.
 */
export function createRecallMessage(needs: RecallNeeds): RecallMessage {
  return async (id, reason, by) => {
    const place = await needs.locate(id);
    if (place?.ownerId !== by.partnerId) throw await refusal(id, by, needs);
    const message = place.recalled === undefined ? await needs.find(id) : 'recalled';
    if (message === undefined) throw notFound('message');
    if (message !== 'recalled') await takeBack(message, reason, { by, needs });
    return { id, ...(await needs.counts(id)) };
  };
}

async function refusal(id: MessageId, by: PartnerCaller, { readMessage }: RecallNeeds): Promise<Failure> {
  const seen = await readMessage(id, by);
  if (seen === undefined) return notFound('message');
  return new Failure('forbidden', 'Only the owner of its topic takes a message back');
}

type Taking = { readonly by: PartnerCaller; readonly needs: RecallNeeds };

async function takeBack(message: Message, reason: string, { by, needs }: Taking): Promise<void> {
  const { id, dataText } = message;
  if (isReservedType(message.type))
    throw new Failure('conflict', 'Cannot recall: this message is a notice of ANIKA');
  await needs.record(message, reason, { caller: by, partnerIds: await needs.partnersOf(id) });
  const atMs = needs.clock.now();
  const hash = contentHash(dataText);
  const recall = { id, by: by.keyId ?? by.userId, reason, hash, atMs };
  await needs.recall([{ ...recall, lookAtMs: nextLookMs(atMs, atMs) }]);
  try {
    await needs.cancelUnstored({ ...message, data: parseExact(dataText) });
    await needs.carryOut({ ...message, recalledAtMs: atMs, reason, hash });
  } catch (error) {
    needs.left(id, error);
  }
}

/** What stays of the contents: their owner can show by it what it was that was taken back. */
export function contentHash(dataText: string): string {
  return createHash('sha256').update(dataText).digest('hex');
}
