import type { Grant, PartnerCaller } from '@anika/core/access';
import { type ReadGrant, refusalOf } from '@anika/core/authorise';
import { type CompiledMask, compileMask } from '@anika/core/field-mask';
import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import { compileGrant } from '@anika/core/matching';
import type { Message } from '@anika/core/message';

/** A message as its reader may see it: `dataText` has what a mask leaves. */
export type VisibleMessage = Message & {
  readonly isOwner: boolean;
  /** `dataText` parsed. */
  readonly data: unknown;
};

/** How one partner reads one topic. */
export type Lens = { readonly isOwner: boolean; see(message: Message): VisibleMessage | undefined };

/** Whoever owns the topic sees all; a reader what the grant, the message's audience and the mask leave. */
export function ownerLens(): Lens {
  return {
    isOwner: true,
    see: (message) => ({ ...message, isOwner: true, data: JSON.parse(message.dataText) }),
  };
}

export function readerLens(grant: Grant, clock: { now(): number }): Lens {
  const compiled: ReadGrant = compileGrant(grant);
  const mask: CompiledMask | undefined = grant.fields === undefined ? undefined : compileMask(grant.fields);
  return {
    isOwner: false,
    see(message) {
      const data: unknown = JSON.parse(message.dataText);
      if (refusalOf(compiled, { ...message, data }, clock.now()) !== undefined) return undefined;
      if (mask === undefined) return { ...message, isOwner: false, data };
      const dataText = mask.applyText(message.dataText);
      return { ...message, isOwner: false, dataText, data: JSON.parse(dataText) };
    },
  };
}

export type ReadNeeds = {
  readonly find: (id: MessageId) => Promise<Message | undefined>;
  readonly findGrant: (topicId: TopicId, partnerId: PartnerId) => Promise<Grant | undefined>;
  readonly clock: { now(): number };
};

export type ReadMessage = (id: MessageId, by: PartnerCaller) => Promise<VisibleMessage | undefined>;

/** One message, or undefined when there is none that the caller may see. */
export function createReadMessage(needs: ReadNeeds): ReadMessage {
  return async (id, by) => {
    const message = await needs.find(id);
    if (message === undefined) return undefined;
    if (message.ownerId === by.partnerId) return ownerLens().see(message);
    const grant = await needs.findGrant(message.topicId, by.partnerId);
    return grant === undefined ? undefined : readerLens(grant, needs.clock).see(message);
  };
}
