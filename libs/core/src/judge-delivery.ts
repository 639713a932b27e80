import { type ReadGrant, refusalOf } from './authorise.ts';
import type { DeliveryReason } from './delivery.ts';
import { holdReason } from './matching.ts';
import type { Message } from './message.ts';
import type { Target } from './route.ts';

/** What is to be done with a delivery whose time has come. */
export type Verdict =
  | { readonly kind: 'send'; readonly target: Target; readonly message: Message }
  /** It will never be sent. */
  | { readonly kind: 'cancel'; readonly reason: DeliveryReason }
  /** It waits until the subscription is resumed. */
  | { readonly kind: 'hold'; readonly reason: DeliveryReason };

type Case = {
  /** Undefined: deleted. */
  readonly target: Target | undefined;
  /** Undefined: no longer kept. */
  readonly message: Message | undefined;
  /** The target's grant, compiled; undefined: there is none. */
  readonly grant: (ReadGrant & { readonly hasFilter: boolean }) | undefined;
  readonly nowMs: number;
};

/** Asked right before each POST: whatever was allowed when the message came in may be forbidden by now. */
export function judgeDelivery({ target, message, grant, nowMs }: Case): Verdict {
  if (target === undefined) return { kind: 'cancel', reason: 'subscription-deleted' };
  const { subscription, topic } = target;
  if (topic.deleted) return { kind: 'cancel', reason: 'topic-deleted' };
  if (!target.readerActive || !topic.ownerActive) return { kind: 'cancel', reason: 'partner-suspended' };
  if (message === undefined) return { kind: 'cancel', reason: 'message-expired' };
  if (subscription.partnerId !== topic.ownerId) {
    const data: unknown = grant?.hasFilter ? JSON.parse(message.dataText) : undefined;
    const refusal = refusalOf(grant, { ...message, data }, nowMs);
    if (refusal !== undefined) return { kind: 'cancel', reason: refusal };
  }
  if (subscription.state !== 'active') return { kind: 'hold', reason: holdReason(subscription) };
  return { kind: 'send', target, message };
}
