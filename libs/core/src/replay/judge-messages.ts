import type { DeliveryState } from '../delivery/delivery.ts';
import { judgeDelivery } from '../delivery/judge-delivery.ts';
import { DONE_FROM } from '../delivery/transition.ts';
import { parseExact } from '../exact-json.ts';
import { compileGrant, compileMaskedFilter, compileWants } from '../matching.ts';
import type { Message } from '../message.ts';
import type { Target } from '../route.ts';
import { type ReplayKind, type ReplayWish, STARTS_AGAIN } from './replay.ts';

/**
 * Whether a subscription may have a message now, wants it, and the replay is for it: judged as right before each POST.
 * Both filters see what the reader sees, so that no count tells of what its grant hides.
 */
export function compileReplay(
  target: Target,
  { types, filter }: Pick<ReplayWish, 'types' | 'filter'>,
): (message: Message, nowMs: number) => boolean {
  const { subscription, topic } = target;
  const mask = subscription.partnerId === topic.ownerId ? undefined : target.grant?.fields;
  const grant = target.grant && {
    ...compileGrant(target.grant),
    hasFilter: target.grant.filter !== undefined,
  };
  const wants = {
    matches: compileWants(subscription, mask),
    hasFilter: subscription.filter !== undefined,
  };
  const isOfType = new Set(types);
  const matches = compileMaskedFilter(filter, mask);
  return (message, nowMs) => {
    if (isOfType.size > 0 && !isOfType.has(message.type)) return false;
    if (judgeDelivery({ target, message, grant, wants, nowMs }).kind !== 'send') return false;
    return filter === undefined || matches({ ...message, data: parseExact(message.dataText) });
  };
}

/** What a replay does about a message that it is for. */
export type ReplayAct =
  /** It never became a delivery. */
  | 'make'
  | 'again'
  /** It is under way, or has arrived. */
  | 'leave';

export function actOf(only: ReplayKind, state: DeliveryState | undefined): ReplayAct {
  if (state === undefined) return 'make';
  return DONE_FROM[STARTS_AGAIN[only]].includes(state) ? 'again' : 'leave';
}
