import type { SubscriptionState } from '@anika/core/subscription';
import { readStateReason } from '@anika/core/subscription/state-reasons';
import { FormattedMessage } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';
import { Visible } from '../ui/visible.tsx';
import { type Doing, failsSince } from './fails-since.ts';

const LOOKS: Readonly<Record<SubscriptionState, { readonly tone: Tone; readonly icon: IconName }>> = {
  pending: { tone: 'wait', icon: 'ring' },
  active: { tone: 'good', icon: 'disc' },
  paused: { tone: 'off', icon: 'bars' },
  disabled: { tone: 'bad', icon: 'cross' },
};

/** Its state; one that should deliver and does not is not shown as one that does. */
export function SubscriptionStateBadge({ state, health }: Doing) {
  const text = useText();
  if (failsSince({ state, health }, Date.now()) !== undefined) {
    return <Badge tone="bad" icon="warning" word={text('subscription.failing')} />;
  }
  return <Badge {...LOOKS[state]} word={text(`subscription.state.${state}`)} />;
}

/** Why it is in its state. */
export function StateReason({ reason }: { readonly reason: string }) {
  const known = readStateReason(reason);
  if (known === undefined) return <English text={reason} />;
  return (
    <FormattedMessage
      id={`subscription.why.${known.name}`}
      values={{ what: <English text={known.what} /> }}
    />
  );
}

/** As the API says it. */
function English({ text }: { readonly text: string }) {
  return (
    <span lang="en">
      <Visible text={text} />
    </span>
  );
}
