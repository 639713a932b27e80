import { partyOf } from '../audience/matching.ts';
import { compileGrant, compileWants, wanted } from '../audience/rules.ts';
import type { DeliveryState } from '../delivery/delivery.ts';
import { judgeDelivery } from '../delivery/judge-delivery.ts';
import { DONE_FROM } from '../delivery/transition.ts';
import { parseExact } from '../exact-json.ts';
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
  const { subscription } = target;
  const party = partyOf(target);
  const grant = target.grant && compileGrant(target.grant);
  const wants = compileWants(subscription, party);
  const asked = compileWants({ ...subscription, eventTypes: types, filter }, party);
  return (message, nowMs) => {
    if (judgeDelivery({ target, message, grant, wants, nowMs }).kind !== 'send') return false;
    return wanted(asked, { ...message, data: asked.hasFilter ? parseExact(message.dataText) : undefined });
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
