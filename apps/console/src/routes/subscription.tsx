import { listDeliveries } from '@anika/contracts/deliveries';
import { getSubscription } from '@anika/contracts/subscriptions';
import { writeExact } from '@anika/core/exact-json';
import { getRouteApi, Link } from '@tanstack/react-router';
import { REFRESH_MS, useList, useOne } from '../api/use-api.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { useText } from '../i18n/use-text.ts';
import { Replays } from '../replays/replays.tsx';
import { useMay } from '../session/session-context.ts';
import { Health } from '../subscriptions/health.tsx';
import { PullGuide } from '../subscriptions/pull-guide.tsx';
import { Secrets } from '../subscriptions/secrets.tsx';
import { SubscriptionActions } from '../subscriptions/subscription-actions.tsx';
import { SubscriptionFigures } from '../subscriptions/subscription-figures.tsx';
import { type Subscription, titleOf } from '../subscriptions/subscription-name.tsx';
import { SubscriptionSettings } from '../subscriptions/subscription-settings.tsx';
import { SubscriptionStateBadge } from '../subscriptions/subscription-state.tsx';
import { TestEvent } from '../subscriptions/test-event.tsx';
import { Verifier } from '../subscriptions/verifier.tsx';
import { TopicName } from '../topics/topic-name.tsx';
import { Empty } from '../ui/empty.tsx';
import { Id } from '../ui/id.tsx';
import { Page } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { currentTab, type Tab, Tabs } from '../ui/tabs.tsx';
import { Time } from '../ui/time.tsx';
import { Visible } from '../ui/visible.tsx';
import { Waiting } from '../ui/waiting.tsx';

const route = getRouteApi('/subscriptions/$subscriptionId');

export function SubscriptionPage() {
  const { subscriptionId } = route.useParams();
  const { data, error, refresh } = useOne(getSubscription, [{ params: { id: subscriptionId } }], {
    refreshMs: REFRESH_MS,
  });
  if (data !== undefined) return <SubscriptionView subscription={data} />;
  return error === null ? <Waiting /> : <Problem problem={error} onRetry={refresh} />;
}

type TabName = 'pull' | 'deliveries' | 'figures' | 'replays' | 'test' | 'secret' | 'verify' | 'settings';

function SubscriptionView({ subscription }: { readonly subscription: Subscription }) {
  const text = useText();
  const may = useMay();
  const { tab } = route.useSearch();
  const pulls = subscription.delivery.type === 'pull';
  const all: readonly (Tab<TabName> | false)[] = [
    pulls && { name: 'pull', label: text('pull.title') },
    { name: 'deliveries', label: text('menu.deliveries') },
    { name: 'figures', label: text('figures.title') },
    { name: 'replays', label: text('replay.title') },
    may.manage && !pulls && { name: 'test', label: text('subscription.test') },
    may.manage && { name: 'secret', label: text('secret.title') },
    { name: 'verify', label: text('verifier.title') },
    may.manage && { name: 'settings', label: text('menu.settings') },
  ];
  const tabs = all.filter((one) => one !== false);
  const current = currentTab(tabs, tab);
  return (
    <Page
      title={titleOf(subscription)}
      above={<Link to="/subscriptions">{text('menu.subscriptions')}</Link>}
      beside={<SubscriptionStateBadge state={subscription.state} health={subscription.health} />}
      actions={may.manage && <SubscriptionActions subscription={subscription} />}
    >
      <Health subscription={subscription} />
      <Facts subscription={subscription} />
      <Tabs label={titleOf(subscription)} tabs={tabs} current={current} />
      {current === 'pull' && <PullGuide subscription={subscription} />}
      {current === 'deliveries' && <Deliveries subscription={subscription} />}
      {current === 'figures' && <SubscriptionFigures id={subscription.id} />}
      {current === 'replays' && <Replays subscription={subscription} />}
      {current === 'test' && <TestEvent subscription={subscription} />}
      {current === 'secret' && <Secrets subscription={subscription} />}
      {current === 'verify' && <Verifier />}
      {current === 'settings' && <SubscriptionSettings subscription={subscription} />}
    </Page>
  );
}

function Facts({ subscription: one }: { readonly subscription: Subscription }) {
  const text = useText();
  return (
    <Properties
      items={[
        { name: text('topic.one'), value: <TopicName id={one.topicId} /> },
        { name: text('subscription.delivery'), value: text(`subscription.delivery.${one.delivery.type}`) },
        one.url === null ? undefined : { name: text('subscription.url'), value: <Id value={one.url} /> },
        {
          name: text('grant.types'),
          value: one.eventTypes.length === 0 ? text('grant.allTypes') : one.eventTypes.join(', '),
        },
        {
          name: text('grant.filter'),
          value:
            one.filter === null ? (
              text('subscription.noFilter')
            ) : (
              <code>
                <Visible text={writeExact(one.filter)} />
              </code>
            ),
        },
        { name: text('subscription.format'), value: text(`subscription.format.${one.format}`) },
        { name: text('subscription.signature'), value: text(`subscription.signature.${one.signature}`) },
        { name: text('topic.created'), value: <Time at={one.createdAt} /> },
        { name: text('ui.id'), value: <Id value={one.id} /> },
      ]}
    />
  );
}

function Deliveries({ subscription: { id } }: { readonly subscription: Subscription }) {
  const text = useText();
  const list = useList(listDeliveries, { query: { limit: 50, subscriptionId: id } });
  const empty = <Empty icon="delivery" title={text('delivery.none')} hint={text('delivery.noneHint')} />;
  return <DeliveryTable list={list} show={[]} empty={empty} isOwn />;
}
