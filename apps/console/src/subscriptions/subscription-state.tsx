import type { SubscriptionState } from '@anika/core/subscription';
import { readStateReason } from '@anika/core/subscription/state-reasons';
import { FormattedMessage } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import { Badge, type Tone } from '../ui/badge.tsx';
import type { IconName } from '../ui/icons.tsx';
import { Visible } from '../ui/visible.tsx';
import { type Doing, doingText } from './fails-since.ts';

type Looks = { readonly tone: Tone; readonly icon: IconName };

const FAILING: Looks = { tone: 'bad', icon: 'warning' };
const LOOKS: Readonly<Record<SubscriptionState, Looks>> = {
  pending: { tone: 'wait', icon: 'ring' },
  active: { tone: 'good', icon: 'disc' },
  paused: { tone: 'off', icon: 'bars' },
  disabled: { tone: 'bad', icon: 'cross' },
};

/** Its state; one that should deliver and does not is not shown as one that does. */
export function SubscriptionStateBadge({ state, health }: Doing) {
  const text = useText();
  const said = doingText({ state, health }, Date.now());
  return <Badge {...(said === 'subscription.failing' ? FAILING : LOOKS[state])} word={text(said)} />;
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
