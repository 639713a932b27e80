import type { Subscription, SubscriptionState } from '../subscription.ts';
import { stateReason } from './state-reasons.ts';

/** What a transition depends on. */
export type Situation = Pick<Subscription, 'state' | 'url' | 'endpointVerified' | 'failingSinceMs'>;

/** What happens to a subscription. `during`: a challenge asked for by `resume` may also end a pause. */
export type SubscriptionInput =
  /** This address has repeated its challenge, or has not. */
  | { readonly kind: 'answered'; readonly url: string; readonly during: 'verify' | 'resume' }
  | {
      readonly kind: 'unanswered';
      readonly url: string;
      readonly reason: string;
      readonly during: 'verify' | 'resume';
    }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** To this address. */
  | { readonly kind: 'move'; readonly url: string }
  /** By the broker; with a time only when the endpoint has failed since before it. */
  | {
      readonly kind: 'disable';
      readonly reason: string;
      readonly onlyIfFailingBeforeMs?: number | undefined;
    };

export type StateTransition = {
  readonly kind: 'to';
  readonly state: SubscriptionState;
  readonly reason: string | undefined;
  /** Which address has answered, where one has. */
  readonly verifiedUrl?: string;
};

export type Transition =
  | StateTransition
  /** Nothing changes: the input came too late, or does not concern this state. */
  | { readonly kind: 'stays' }
  /** The address must answer its challenge first. */
  | { readonly kind: 'challenge-first' }
  /** Its partner asked for what this state does not allow; `must` says in which states it may be done. */
  | { readonly kind: 'refused'; readonly must: string };

const STAYS: Transition = { kind: 'stays' };

/** In which states a challenge decides. A paused one is left alone, unless it is being resumed. */
const OPEN_TO_CHALLENGES = {
  verify: ['pending', 'active', 'disabled'],
  resume: ['paused', 'disabled'],
} as const satisfies Record<string, readonly SubscriptionState[]>;

/** The life of a subscription, pure and total: what follows from each input in each state. */
export function transition(before: Situation, input: SubscriptionInput): Transition {
  switch (input.kind) {
    case 'answered':
    case 'unanswered':
      return challenged(before, input);
    case 'pause':
      if (before.state !== 'active' && before.state !== 'pending') {
        return { kind: 'refused', must: 'active or pending' };
      }
      return { kind: 'to', state: 'paused', reason: stateReason('paused') };
    case 'resume':
      if (before.state !== 'paused' && before.state !== 'disabled') {
        return { kind: 'refused', must: 'paused or disabled' };
      }
      if (!before.endpointVerified) return { kind: 'challenge-first' };
      return { kind: 'to', state: 'active', reason: undefined };
    case 'move':
      // Nothing is sent to an address before it has answered; what is paused anyway answers when it is resumed.
      if (input.url === before.url || before.state === 'paused') return STAYS;
      return { kind: 'to', state: 'pending', reason: stateReason('moved') };
    case 'disable':
      return mayDisable(before, input.onlyIfFailingBeforeMs)
        ? { kind: 'to', state: 'disabled', reason: input.reason }
        : STAYS;
  }
}

function challenged(
  { state, url }: Situation,
  input: Extract<SubscriptionInput, { kind: 'answered' | 'unanswered' }>,
): Transition {
  const open: readonly SubscriptionState[] = OPEN_TO_CHALLENGES[input.during];
  // The address may have been changed while the one before was asked.
  if (!open.includes(state) || input.url !== url) return STAYS;
  if (input.kind === 'unanswered') return { kind: 'to', state: 'pending', reason: input.reason };
  return { kind: 'to', state: 'active', reason: undefined, verifiedUrl: url };
}

function mayDisable(
  { state, failingSinceMs }: Situation,
  onlyIfFailingBeforeMs: number | undefined,
): boolean {
  if (state !== 'active') return false;
  if (onlyIfFailingBeforeMs === undefined) return true;
  return failingSinceMs !== undefined && failingSinceMs < onlyIfFailingBeforeMs;
}
