import { redriveSubscription } from '@anika/contracts/deliveries';
import { getSubscription } from '@anika/contracts/subscriptions';
import { Link } from '@tanstack/react-router';
import { useIntl } from 'react-intl';
import { apiCall } from '../api/snippets.ts';
import { REFRESH_MS, useOne, useWrite } from '../api/use-api.ts';
import { textFor, useText } from '../i18n/use-text.ts';
import { useMay } from '../session/session-context.ts';
import { SubscriptionName, useSubscriptions } from '../subscriptions/subscription-name.tsx';
import { TopicName } from '../topics/topic-name.tsx';
import { Badge } from '../ui/badge.tsx';
import { Properties } from '../ui/properties.tsx';
import { Time } from '../ui/time.tsx';
import { WideAction } from '../ui/wide-action.tsx';
import { useReason } from './delivery-state.tsx';
import { type DeadGroup, groupName } from './group-dead.ts';
import { OF_DELIVERIES } from './stale.ts';

type Props = {
  readonly groups: readonly DeadGroup[];
  /** With how many deliveries were started again: a group that is gone cannot say so itself. */
  readonly onRedriven: (count: number) => void;
};

/** Causes, not rows. */
export function DeadGroups({ groups, onRedriven }: Props) {
  return (
    <ul className="stack">
      {groups.map((group) => (
        <li key={groupName(group)} className="card" data-row tabIndex={-1}>
          <Group group={group} onRedriven={onRedriven} />
        </li>
      ))}
    </ul>
  );
}

type GroupProps = Pick<Props, 'onRedriven'> & { readonly group: DeadGroup };

function Group({ group, onRedriven }: GroupProps) {
  const text = useText();
  const may = useMay();
  const reason = useReason(group.reason);
  return (
    <>
      <header className="section-head">
        <h2>
          {text('dead.count', { count: group.count })} · <SubscriptionName id={group.subscriptionId} />
        </h2>
        {may.manage && <Redrive group={group} onRedriven={onRedriven} />}
      </header>
      <p>
        <Badge tone="bad" icon="cross" word={reason ?? text('dead.noReason')} /> <LastAnswer group={group} />
      </p>
      <Properties
        items={[
          { name: text('topic.one'), value: <TopicName id={group.topicId} /> },
          { name: text('dead.oldest'), value: <Time at={group.firstAcceptedAt} /> },
          { name: text('dead.newest'), value: <Time at={group.lastAcceptedAt} /> },
          {
            name: text('dead.example'),
            value: (
              <Link to="/deliveries/$deliveryId" params={{ deliveryId: group.exampleId }}>
                {text('dead.look')}
              </Link>
            ),
          },
        ]}
      />
    </>
  );
}

/** What the endpoint answered at last, or why there was no answer. */
export function LastAnswer({ group: { status, errorClass } }: { readonly group: DeadGroup }) {
  const text = useText();
  const intl = useIntl();
  if (status !== null) return text('dead.answered', { status });
  return errorClass === null ? null : (textFor(intl, `attempt.${errorClass}`) ?? errorClass);
}

function Redrive({ group, onRedriven }: GroupProps) {
  const text = useText();
  const redrive = useWrite(redriveSubscription, OF_DELIVERIES);
  const { state } = useSubscriptions().get(group.subscriptionId) ?? {};
  const call = { params: { id: group.subscriptionId }, body: { states: ['dead' as const] } };
  const why = state === undefined || state === 'active' ? undefined : text('dead.notActive');
  async function run() {
    const done = await redrive.run(call);
    if (done !== undefined) onRedriven(done.data.redriven);
    return done;
  }
  return (
    <WideAction
      label={text('dead.redrive')}
      keys="r"
      title={text('dead.redriveTitle')}
      effect={<Effect group={group} />}
      disabledBecause={why}
      busy={redrive.busy}
      problem={redrive.error}
      run={run}
      call={apiCall(redriveSubscription, call)}
    />
  );
}

/** How many there are of every cause, counted while this is looked at: the groups may be of the newest ones only. */
function Effect({ group }: Pick<GroupProps, 'group'>) {
  const text = useText();
  const { formatNumber } = useIntl();
  const call = { params: { id: group.subscriptionId } };
  const { data } = useOne(getSubscription, [call], { refreshMs: REFRESH_MS });
  const { count, more } = data?.health?.dead ?? { count: group.count, more: true };
  const shown = `${formatNumber(more ? Math.max(count, group.count) : count)}${more ? '+' : ''}`;
  return <p role="status">{text('dead.redriveEffect', { shown })}</p>;
}
