import type { Grant, PartnerCaller } from '@anika/core/access';
import { refusalOf } from '@anika/core/audience/authorise';
import { compileGrant } from '@anika/core/audience/rules';
import { parseExact } from '@anika/core/exact-json';
import { type CompiledMask, compileMask } from '@anika/core/field-mask';
import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';

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
  see(message: Message): VisibleMessage | undefined;
};

/** Whoever owns the topic sees all; a reader what the grant, the message's audience and the mask leave. */
export function ownerLens(): Lens {
  return {
    isOwner: true,
    showsKey: true,
    see: (message) => ({ ...message, isOwner: true, data: parseExact(message.dataText) }),
  };
}

export function readerLens(grant: Grant, clock: { now(): number }): Lens {
  const compiled = compileGrant(grant);
  const mask: CompiledMask | undefined = grant.fields === undefined ? undefined : compileMask(grant.fields);
  return {
    isOwner: false,
    showsKey: mask?.showsKey ?? true,
    see(message) {
      const data: unknown = parseExact(message.dataText);
      if (refusalOf(compiled, { ...message, data }, clock.now()) !== undefined) return undefined;
      if (mask === undefined) return { ...message, isOwner: false, data };
      const dataText = mask.applyText(message.dataText);
      const key = mask.showsKey ? message.key : undefined;
      return { ...message, isOwner: false, key, dataText, data: parseExact(dataText) };
    },
  };
}

export type ReadNeeds = {
  /** Where a message is, without its data. */
  readonly locate: (id: MessageId) => Promise<Pick<Message, 'topicId' | 'ownerId'> | undefined>;
  readonly find: (id: MessageId) => Promise<Message | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  readonly clock: { now(): number };
};

export type ReadMessage = (id: MessageId, by: PartnerCaller) => Promise<VisibleMessage | undefined>;

/** The topic of a message that is not there. */
export const NO_TOPIC = `top_${'0'.repeat(26)}` as TopicId;

/**
 * One message, or undefined when there is none that the caller may see. For one of others the same is asked of the
 * stores as for one that is not there: how long the answer takes does not tell them apart.
 */
export function createReadMessage(needs: ReadNeeds): ReadMessage {
  return async (id, by) => {
    const place = await needs.locate(id);
    const isOwner = place?.ownerId === by.partnerId;
    const grant = isOwner ? undefined : await needs.findGrant(place?.topicId ?? NO_TOPIC, by.partnerId);
    if (place === undefined || (grant === undefined && !isOwner)) return undefined;
    const message = await needs.find(id);
    if (message === undefined) return undefined;
    return (grant === undefined ? ownerLens() : readerLens(grant, needs.clock)).see(message);
  };
}
