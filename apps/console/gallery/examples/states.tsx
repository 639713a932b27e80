import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { ERASURE_STATES } from '@anika/core/erasure';
import { INVITATION_STATES } from '@anika/core/invitation';
import { NOTICE_TYPES } from '@anika/core/notice/notice';
import { REPLAY_STATES } from '@anika/core/replay/replay';
import { SUBSCRIPTION_STATES } from '@anika/core/subscription';
import type { ReactNode } from 'react';
import { DeliveryStateBadge } from '../../src/deliveries/delivery-state.tsx';
import { ErasureStateBadge } from '../../src/erasures/erasure-state.tsx';
import { GrantStateBadge, RequestStateBadge } from '../../src/grants/grant-state.tsx';
import { NoticeBadge } from '../../src/notices/notice-badge.tsx';
import { ReplayStateBadge } from '../../src/replays/replay-state.tsx';
import { InvitationStateBadge } from '../../src/settings/invitation-state.tsx';
import { SubscriptionStateBadge } from '../../src/subscriptions/subscription-state.tsx';

function each<S extends string>(states: readonly S[], badge: (state: S) => ReactNode) {
  return (
    <p>
      {states.map((state) => (
        <span key={state}>{badge(state)} </span>
      ))}
    </p>
  );
}

const SOON = new Date(Date.now() + 86_400_000).toISOString();

export const OfDeliveries = () => each(DELIVERY_STATES, (state) => <DeliveryStateBadge state={state} />);
export const OfSubscriptions = () =>
  each(SUBSCRIPTION_STATES, (state) => <SubscriptionStateBadge state={state} />);
export const OfASubscriptionThatFails = () => (
  <SubscriptionStateBadge
    state="active"
    health={{ state: 'failing', failingSince: '2026-03-08T06:59:30.125Z' }}
  />
);
export const OfGrants = () =>
  each(['active', 'expired', 'revoked'], (state) => <GrantStateBadge grant={{ state, expiresAt: null }} />);
export const OfAGrantThatEnds = () => <GrantStateBadge grant={{ state: 'active', expiresAt: SOON }} />;
export const OfRequests = () =>
  each(['requested', 'approved', 'refused', 'withdrawn'], (state) => <RequestStateBadge state={state} />);
export const OfReplays = () => each(REPLAY_STATES, (state) => <ReplayStateBadge state={state} />);
export const OfErasures = () => each(ERASURE_STATES, (state) => <ErasureStateBadge state={state} />);
export const OfInvitations = () => each(INVITATION_STATES, (state) => <InvitationStateBadge state={state} />);
export const OfNotices = () => each(NOTICE_TYPES, (type) => <NoticeBadge type={type} />);
