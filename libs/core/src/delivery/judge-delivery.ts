import { refusalOf } from '../audience/authorise.ts';
import { holdReason } from '../audience/matching.ts';
import { areActive, type ReadGrant, type Wants, wanted } from '../audience/rules.ts';
import { parseExact } from '../exact-json.ts';
import type { Message } from '../message.ts';
import type { Target } from '../route.ts';
import type { ReasonOf } from './reasons.ts';

/** What is to be done with a delivery whose time has come. */
export type Verdict =
  | { readonly kind: 'send'; readonly target: Target; readonly message: Message }
  /** It will never be sent. */
  | { readonly kind: 'cancel'; readonly reason: ReasonOf<'cancelled'> }
  /** It waits until the subscription is resumed. */
  | { readonly kind: 'hold'; readonly reason: ReasonOf<'held'> };

type Case = {
  /** Undefined: deleted. */
  readonly target: Target | undefined;
  /** Undefined: no longer kept. */
  readonly message: Message | 'recalled' | undefined;
  /** The target's grant, compiled; undefined: there is none. */
  readonly grant: ReadGrant | undefined;
  /** What its subscriber wants by now, compiled. */
  readonly wants: Wants | undefined;
  readonly nowMs: number;
};

/** Asked right before each POST: what was allowed and wanted when the message came in may be neither by now. */
export function judgeDelivery({ target, message, grant, wants, nowMs }: Case): Verdict {
  if (target === undefined) return { kind: 'cancel', reason: 'subscription-deleted' };
  const { subscription, topic } = target;
  if (topic.deleted) return { kind: 'cancel', reason: 'topic-deleted' };
  const { readerActive } = target;
  if (!areActive({ readerActive, ownerActive: topic.ownerActive })) {
    return { kind: 'cancel', reason: 'partner-suspended' };
  }
  if (message === 'recalled') return { kind: 'cancel', reason: 'recalled' };
  if (message === undefined) return { kind: 'cancel', reason: 'message-expired' };
  const data: unknown = grant?.hasFilter || wants?.hasFilter ? parseExact(message.dataText) : undefined;
  const subject = { ...message, data };
  if (subscription.partnerId !== topic.ownerId) {
    const refusal = refusalOf(grant, subject, nowMs);
    if (refusal !== undefined) return { kind: 'cancel', reason: refusal };
  }
  // Asked last: while it is held, its subscriber may come to want it again.
  if (subscription.state !== 'active') return { kind: 'hold', reason: holdReason(subscription) };
  if (wants !== undefined && !wanted(wants, subject)) return { kind: 'cancel', reason: 'not-wanted' };
  return { kind: 'send', target, message };
}
