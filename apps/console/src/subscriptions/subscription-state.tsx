import type { SubscriptionState } from '@anika/core/subscription';
import { readStateReason } from '@anika/core/subscription/state-reasons';
import { useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';
import { Visible } from '../ui/visible.tsx';

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

/** Why it is in its state. */
export function StateReason({ reason }: { readonly reason: string }) {
  const text = useText();
  const known = readStateReason(reason);
  if (known !== undefined) return text(`subscription.why.${known.name}`, { what: known.what });
  return (
    <span lang="en">
      <Visible text={reason} />
    </span>
  );
}
