import { listSubscriptions } from '@anika/contracts/subscriptions';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useList } from '../api/use-api.ts';
import { TrafficLine } from '../figures/traffic-line.tsx';
import { useText } from '../i18n/use-text.ts';
import { useMay } from '../session/session-context.ts';
import { titleOf } from '../subscriptions/subscription-name.tsx';
import { StateReason, SubscriptionStateBadge } from '../subscriptions/subscription-state.tsx';
import { TopicName } from '../topics/topic-name.tsx';
import { TopicSelect } from '../topics/topic-select.tsx';
import { Empty } from '../ui/empty.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { List } from '../ui/list.tsx';
import { Page } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';
import { Visible } from '../ui/visible.tsx';

const route = getRouteApi('/subscriptions');

export function SubscriptionsPage() {
  const text = useText();
  const may = useMay();
  const { topic } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useList(listSubscriptions, {
    query: { limit: 50, ...(topic !== undefined && { topicId: topic }) },
  });
  const create = may.manage && (
    <LinkButton to="/subscriptions/new" search={{ topic }} kind="primary" icon="plus">
      {text('subscription.create')}
    </LinkButton>
  );
  return (
    <Page title={text('menu.subscriptions')} lead={text('subscription.lead')} actions={create}>
      <List
        label={text('menu.subscriptions')}
        list={list}
        rowKey={({ id }) => id}
        filters={
          <TopicSelect
            value={topic ?? ''}
            onChange={(value) => void navigate({ search: { topic: value === '' ? undefined : value } })}
            all={text('topic.all')}
            which="subscribe"
          />
        }
        empty={
          <Empty
            icon="subscription"
            title={text('subscription.none')}
            hint={text('subscription.noneHint')}
            action={create}
          />
        }
        columns={[
          {
            id: 'name',
            head: text('subscription.one'),
            wide: true,
            cell: (one) => (
              <span>
                <Link to="/subscriptions/$subscriptionId" params={{ subscriptionId: one.id }}>
                  {titleOf(one)}
                </Link>
                <span className="under">
                  <Visible text={one.url ?? text('subscription.delivery.pull')} />
                </span>
              </span>
            ),
          },
          { id: 'topic', head: text('topic.one'), cell: ({ topicId }) => <TopicName id={topicId} /> },
          {
            id: 'state',
            head: text('ui.state'),
            cell: ({ state, stateReason, health }) => (
              <span>
                <SubscriptionStateBadge state={state} health={health} />
                {stateReason !== null && (
                  <span className="under">
                    <StateReason reason={stateReason} />
                  </span>
                )}
              </span>
            ),
          },
          {
            id: 'line',
            head: text('figures.lastHour'),
            cell: ({ id }) => <TrafficLine of={{ scope: 'subscription', id }} />,
          },
          {
            id: 'types',
            head: text('grant.types'),
            cell: ({ eventTypes }) =>
              eventTypes.length === 0 ? text('grant.allTypes') : eventTypes.join(', '),
          },
          { id: 'created', head: text('topic.created'), cell: ({ createdAt }) => <Time at={createdAt} /> },
        ]}
      />
    </Page>
  );
}
