import type { Grant, PartnerCaller } from '@anika/core/access';
import { refusalOf } from '@anika/core/audience/authorise';
import { compileGrant } from '@anika/core/audience/rules';
import { parseExact } from '@anika/core/exact-json';
import { Failure } from '@anika/core/failures';
import { type CompiledMask, compileMask } from '@anika/core/field-mask';
import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Recalled } from '@anika/core/recall';
import { createTurn, type Turn } from '@anika/runtime/turn';
import type { DeliveryList } from '@anika/stores/mongo/delivery-reads';
import type { Located } from '@anika/stores/mongo/messages';

/** A message as its reader may see it: `dataText` has what a mask leaves, `key` only if it leaves that. */
export type VisibleMessage = Message & {
  readonly isOwner: boolean;
  /** `dataText` parsed. */
  readonly data: unknown;
};

/** How one partner reads one topic. */
export type Lens = {
  readonly isOwner: boolean;
  readonly showsKey: boolean;
  /** Of a large message each step may take its time: others have their turns between them. */
  see(message: Message, turn: Turn): Promise<VisibleMessage | undefined>;
};

/** Whoever owns the topic sees all; a reader what the grant, the message's audience and the mask leave. */
export function ownerLens(): Lens {
  return {
    isOwner: true,
    showsKey: true,
    see: async (message) => ({ ...message, isOwner: true, data: parseExact(message.dataText) }),
  };
}

export function readerLens(grant: Grant, clock: { now(): number }): Lens {
  const compiled = compileGrant(grant);
  const mask: CompiledMask | undefined = grant.fields === undefined ? undefined : compileMask(grant.fields);
  return {
    isOwner: false,
    showsKey: mask?.showsKey ?? true,
    async see(message, turn) {
      const data: unknown = parseExact(message.dataText);
      if (refusalOf(compiled, { ...message, data }, clock.now()) !== undefined) return undefined;
      if (mask === undefined || message.isNotice) return { ...message, isOwner: false, data };
      await turn.giveWay();
      const dataText = mask.applyText(message.dataText);
      await turn.giveWay();
      const key = mask.showsKey ? message.key : undefined;
      return { ...message, isOwner: false, key, dataText, data: mask.apply(data) };
    },
  };
}

export type ReadNeeds = {
  readonly locate: (id: MessageId) => Promise<Located | undefined>;
  readonly find: (id: MessageId) => Promise<Message | 'recalled' | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  /** Whether a reader had, or was to have, a message. */
  readonly listDeliveries: (list: DeliveryList) => Promise<readonly unknown[]>;
  readonly clock: { now(): number };
};

/** A message that was taken back, to whom it could be seen. */
export type SeenRecall = Pick<Recalled, 'recalledAtMs' | 'reason'> & {
  readonly isRecalled: true;
  readonly isOwner: boolean;
  /** Of its data; for the owner: a mask may hide from others what is easily guessed by it. */
  readonly hash: string | undefined;
};

export type ReadMessage = (
  id: MessageId,
  by: PartnerCaller,
) => Promise<(VisibleMessage & { readonly isRecalled?: undefined }) | SeenRecall | undefined>;

/** The topic of a message that is not there. */
export const NO_TOPIC = `top_${'0'.repeat(26)}` as TopicId;

/**
 * One message, or undefined when there is none that the caller may see. For one of others the same is asked of the
 * stores as for one that is not there: how long the answer takes does not tell them apart.
 */
export function createReadMessage(needs: ReadNeeds): ReadMessage {
  return async function read(id, by) {
    const place = await needs.locate(id);
    const isOwner = place?.ownerId === by.partnerId;
    const grant = isOwner ? undefined : await needs.findGrant(place?.topicId ?? NO_TOPIC, by.partnerId);
    if (place === undefined || (grant === undefined && !isOwner)) return undefined;
    if (place.isUnsent && !isOwner) return undefined;
    if (place.recalled !== undefined) {
      if (grant !== undefined && !(await couldSee(place.recalled, grant, needs))) return undefined;
      const { recalledAtMs, reason, hash } = place.recalled;
      return { isRecalled: true, isOwner, recalledAtMs, reason, hash: isOwner ? hash : undefined };
    }
    const message = await needs.find(id);
    if (message === 'recalled') return read(id, by);
    if (message === undefined) return undefined;
    return (grant === undefined ? ownerLens() : readerLens(grant, needs.clock)).see(message, createTurn());
  };
}

/** Nobody can tell any more whether a filter let it through, but by what came of it. */
async function couldSee(
  recalled: Recalled,
  grant: Grant,
  { listDeliveries, clock }: Pick<ReadNeeds, 'listDeliveries' | 'clock'>,
): Promise<boolean> {
  const unfiltered = { ...compileGrant(grant), matches: () => true };
  const subject = { ...recalled, key: undefined, data: undefined };
  if (refusalOf(unfiltered, subject, clock.now()) !== undefined) return false;
  if (grant.filter === undefined) return true;
  const { id: messageId } = recalled;
  return (await listDeliveries({ messageId, partnerId: grant.partnerId, limit: 1 })).length > 0;
}

/** The answer to whoever asks for a message that was taken back. */
export function recalledFailure({
  recalledAtMs,
  reason,
  hash,
}: Omit<SeenRecall, 'isRecalled' | 'isOwner'>): Failure {
  const was = hash === undefined ? '' : ` (SHA-256 of its data: ${hash})`;
  const at = new Date(recalledAtMs).toISOString();
  const recalled = { at, reason, ...(hash !== undefined && { dataSha256: hash }) };
  return new Failure('recalled', `Taken back at ${at}: ${reason}${was}`, { recalled });
}
