import { useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';

export const EXPIRES_SOON_MS = 30 * 24 * 3_600_000;

export type ShownGrant = {
  readonly state: 'active' | 'expired' | 'revoked';
  readonly expiresAt: string | null;
};
type Shown = ShownGrant['state'] | 'expiring';

/** As the API says, and `expiring` in the last thirty days. */
export function shownState({ state, expiresAt }: ShownGrant, nowMs: number): Shown {
  if (state !== 'active' || expiresAt === null) return state;
  return Date.parse(expiresAt) - nowMs < EXPIRES_SOON_MS ? 'expiring' : 'active';
}

const LOOKS: Readonly<Record<Shown, { readonly tone: Tone; readonly icon: IconName }>> = {
  active: { tone: 'good', icon: 'disc' },
  expiring: { tone: 'wait', icon: 'clock' },
  expired: { tone: 'off', icon: 'slash' },
  revoked: { tone: 'bad', icon: 'cross' },
};

export function GrantStateBadge({ grant }: { readonly grant: ShownGrant }) {
  const text = useText();
  const state = shownState(grant, Date.now());
  return <Badge {...LOOKS[state]} word={text(`grant.state.${state}`)} />;
}

export type RequestState = 'requested' | 'approved' | 'refused' | 'withdrawn';

const REQUEST_LOOKS: Readonly<Record<RequestState, { readonly tone: Tone; readonly icon: IconName }>> = {
  requested: { tone: 'busy', icon: 'ring' },
  approved: { tone: 'good', icon: 'disc' },
  refused: { tone: 'bad', icon: 'cross' },
  withdrawn: { tone: 'off', icon: 'slash' },
};

export function RequestStateBadge({ state }: { readonly state: RequestState }) {
  const text = useText();
  return <Badge {...REQUEST_LOOKS[state]} word={text(`request.state.${state}`)} />;
}
