import type { SubscriptionState } from '@anika/core/subscription';
import { useIntl } from 'react-intl';
import { textFor, useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';

const LOOKS: Readonly<Record<SubscriptionState, { readonly tone: Tone; readonly icon: IconName }>> = {
  pending: { tone: 'wait', icon: 'ring' },
  active: { tone: 'good', icon: 'disc' },
  paused: { tone: 'off', icon: 'bars' },
  disabled: { tone: 'bad', icon: 'cross' },
};

export function SubscriptionStateBadge({ state }: { readonly state: SubscriptionState }) {
  const text = useText();
  return <Badge {...LOOKS[state]} word={text(`subscription.state.${state}`)} />;
}

/** Why it is in its state, in words where the catalogue has them. */
export function useStateReason(reason: string | null): string | undefined {
  const intl = useIntl();
  if (reason === null) return undefined;
  return textFor(intl, `subscription.reason.${reason}`) ?? reason;
}
