import type { InvitationState } from '@anika/core/invitation';
import { useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';

const LOOKS: Readonly<Record<InvitationState, { readonly tone: Tone; readonly icon: IconName }>> = {
  open: { tone: 'busy', icon: 'ring' },
  accepted: { tone: 'good', icon: 'disc' },
  withdrawn: { tone: 'off', icon: 'slash' },
  expired: { tone: 'off', icon: 'clock' },
};

export function InvitationStateBadge({ state }: { readonly state: InvitationState }) {
  const text = useText();
  return <Badge {...LOOKS[state]} word={text(`invitation.state.${state}`)} />;
}
