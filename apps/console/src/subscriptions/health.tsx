import type { health } from '@anika/contracts/health';
import { useIntl } from 'react-intl';
import type { z } from 'zod';
import { textFor, useText } from '../i18n/use-text.ts';
import { Properties } from '../ui/properties.tsx';
import { Time } from '../ui/time.tsx';
import { failsSince } from './fails-since.ts';
import type { Subscription } from './subscription-name.tsx';
import { StateReason } from './subscription-state.tsx';

type Known = z.output<typeof health>;

const TONES: Readonly<Record<Known['state'], string>> = {
  healthy: 'note-good',
  idle: 'note-good',
  lagging: 'note-wait',
  failing: 'note-bad',
  unverified: 'note-wait',
  paused: '',
  disabled: 'note-bad',
};

/** Before it could be counted, what its state alone says. */
const WITHOUT: Readonly<Record<Subscription['state'], Known['state']>> = {
  active: 'idle',
  pending: 'unverified',
  paused: 'paused',
  disabled: 'disabled',
};

/** How a subscription does: a sentence, what to do about it, and the figures. */
export function Health({ subscription }: { readonly subscription: Subscription }) {
  const intl = useIntl();
  const text = useText();
  const { health: known, state, stateReason, delivery } = subscription;
  const pulls = delivery.type === 'pull';
  const shown = known?.state ?? WITHOUT[state];
  const briefly = shown === 'failing' && failsSince(subscription, Date.now()) === undefined;
  const tone = briefly ? 'note-wait' : TONES[shown];
  return (
    <>
      <div className={`note ${tone}`} role="status">
        <p>{(pulls && textFor(intl, `health.pull.${shown}`)) || text(`health.${shown}`)}</p>
        {stateReason !== null && (
          <p className="problem-detail">
            <StateReason reason={stateReason} />
          </p>
        )}
        {known?.failingSince != null && (
          <p>
            {text('health.failingSince')} <Time at={known.failingSince} />
            {known.willBeDisabledAt !== null && (
              <>
                {' · '}
                {text('health.willBeDisabled')} <Time at={known.willBeDisabledAt} />
              </>
            )}
          </p>
        )}
      </div>
      {known !== null && <Counts known={known} />}
    </>
  );
}

function Counts({ known }: { readonly known: Known }) {
  const text = useText();
  const intl = useIntl();
  const counted = ({ count, more }: Known['open']) => `${intl.formatNumber(count)}${more ? '+' : ''}`;
  return (
    <Properties
      items={[
        { name: text('health.open'), value: counted(known.open) },
        { name: text('health.held'), value: counted(known.held) },
        { name: text('health.dead'), value: counted(known.dead) },
        {
          name: text('health.lastDelivered'),
          value: known.lastDeliveredAt === null ? '–' : <Time at={known.lastDeliveredAt} />,
        },
        known.oldestPendingAt === null
          ? undefined
          : { name: text('health.oldestPending'), value: <Time at={known.oldestPendingAt} /> },
      ]}
    />
  );
}
