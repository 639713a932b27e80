import type { DeliveryState } from '@anika/core/delivery/delivery';
import { useIntl } from 'react-intl';
import { textFor, useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';

const LOOKS: Readonly<Record<DeliveryState, { readonly tone: Tone; readonly icon: IconName }>> = {
  pending: { tone: 'busy', icon: 'ring' },
  retrying: { tone: 'wait', icon: 'half' },
  delivered: { tone: 'good', icon: 'disc' },
  held: { tone: 'off', icon: 'bars' },
  dead: { tone: 'bad', icon: 'cross' },
  cancelled: { tone: 'off', icon: 'slash' },
};

type Props = { readonly state: DeliveryState; readonly reason?: string | null };

export function DeliveryStateBadge({ state, reason = null }: Props) {
  const text = useText();
  const why = useReason(reason);
  return <Badge {...LOOKS[state]} word={text(`delivery.state.${state}`)} title={why} />;
}

/** Why it ended or waits, in words. */
export function useReason(reason: string | null): string | undefined {
  const intl = useIntl();
  if (reason === null) return undefined;
  return textFor(intl, `delivery.reason.${reason}`) ?? reason;
}
