/** Why a delivery ended without being delivered, or waits: each reason belongs to one state. */
export const REASONS = {
  dead: ['gone', 'too-large', 'refused', 'attempts-exhausted'],
  cancelled: [
    'grant-revoked',
    'grant-expired',
    'grant-narrowed',
    'not-wanted',
    'subscription-deleted',
    'topic-deleted',
    'partner-suspended',
    'message-expired',
    'not-verified-in-time',
    'recalled',
  ],
  held: ['subscription-paused', 'subscription-disabled', 'subscription-unverified'],
} as const;

/** The states that have a reason. */
export type ReasonedState = keyof typeof REASONS;
export type ReasonOf<State extends ReasonedState> = (typeof REASONS)[State][number];
export type DeliveryReason = ReasonOf<ReasonedState>;

const REASONED_STATES = ['dead', 'cancelled', 'held'] as const satisfies readonly ReasonedState[];

/** The state in which a delivery has this reason. */
export function stateOf(reason: DeliveryReason): ReasonedState {
  const state = REASONED_STATES.find((each) => isReasonOf(each, reason));
  if (state === undefined) throw new Error(`no state has the reason ${reason}`);
  return state;
}

export function isReasonOf<State extends ReasonedState>(
  state: State,
  reason: string | undefined,
): reason is ReasonOf<State> {
  const reasons: readonly string[] = REASONS[state];
  return reason !== undefined && reasons.includes(reason);
}

/** Why a reader has lost what was on its way to it; a new grant may give it back. */
export const GRANT_ENDS = [
  'grant-revoked',
  'grant-expired',
  'grant-narrowed',
] as const satisfies readonly ReasonOf<'cancelled'>[];
