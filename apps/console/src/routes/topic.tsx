import { getTopic } from '@anika/contracts/topics';
import { writeExact } from '@anika/core/exact-json';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useOne } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { MessageList } from '../message/message-list.tsx';
import { useMay, useSession } from '../session/session-context.ts';
import { Publish } from '../topics/publish.tsx';
import { Readers } from '../topics/readers.tsx';
import { TopicDeliveries } from '../topics/topic-deliveries.tsx';
import { TopicFigures } from '../topics/topic-figures.tsx';
import type { Topic } from '../topics/topic-name.tsx';
import { TopicSettings } from '../topics/topic-settings.tsx';
import { Empty } from '../ui/empty.tsx';
import { Id } from '../ui/id.tsx';
import { JsonText } from '../ui/json.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { Page } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { currentTab, type Tab, Tabs } from '../ui/tabs.tsx';
import { Time } from '../ui/time.tsx';
import { Waiting } from '../ui/waiting.tsx';

const route = getRouteApi('/topics/$topicId');

export function TopicPage() {
  const { topicId } = route.useParams();
  const { data, error, refresh } = useOne(getTopic, [{ params: { id: topicId } }]);
  if (error !== null && data === undefined) return <Problem problem={error} onRetry={refresh} />;
  if (data === undefined) return <Waiting />;
  return <TopicView topic={data} />;
}

type TabName = 'messages' | 'figures' | 'deliveries' | 'publish' | 'readers' | 'schema' | 'settings';

function TopicView({ topic }: { readonly topic: Topic }) {
  const text = useText();
  const { tab } = route.useSearch();
  const { partnerId } = useSession();
  const may = useMay();
  const isOurs = topic.owner.id === partnerId;
  const all: readonly (Tab<TabName> | false)[] = [
    { name: 'messages', label: text('menu.messages') },
    { name: 'figures', label: text('figures.title') },
    isOurs && { name: 'deliveries', label: text('menu.deliveries') },
    isOurs && may.manage && { name: 'publish', label: text('topic.publish') },
    isOurs && { name: 'readers', label: text('topic.readers') },
    { name: 'schema', label: text('topic.schemaTab') },
    isOurs && may.manage && { name: 'settings', label: text('menu.settings') },
  ];
  const tabs = all.filter((one) => one !== false);
  const current = currentTab(tabs, tab);
  return (
    <Page
      title={topic.name}
      above={<Link to="/topics">{text('menu.topics')}</Link>}
      {...(topic.description !== null && { lead: topic.description })}
      actions={<Actions topic={topic} isOurs={isOurs} />}
    >
      <Properties
        items={[
          { name: text('topic.owner'), value: isOurs ? text('topic.weOwn') : topic.owner.name },
          { name: text('topic.visibility'), value: text(`topic.visibility.${topic.visibility}`) },
          { name: text('topic.retention'), value: text('topic.days', { count: topic.retentionDays }) },
          { name: text('topic.created'), value: <Time at={topic.createdAt} /> },
          { name: text('ui.id'), value: <Id value={topic.id} /> },
        ]}
      />
      <Tabs label={topic.name} tabs={tabs} current={current} />
      {current === 'messages' && (
        <MessageList
          fixed={{ topicId: topic.id }}
          first={isOurs && may.manage && <PublishFirst id={topic.id} />}
        />
      )}
      {current === 'figures' && <TopicFigures topic={topic} />}
      {current === 'deliveries' && <TopicDeliveries topicId={topic.id} />}
      {current === 'publish' && <Publish topic={topic} />}
      {current === 'readers' && <Readers topic={topic} />}
      {current === 'schema' && <Schema topic={topic} />}
      {current === 'settings' && <TopicSettings topic={topic} />}
    </Page>
  );
}

function Actions({ topic, isOurs }: { readonly topic: Topic; readonly isOurs: boolean }) {
  const text = useText();
  const may = useMay();
  const { partnerId } = useSession();
  if (!may.manage || isOurs) return null;
  return (
    <>
      <LinkButton
        to="/access/$topicId/$partnerId"
        params={{ topicId: topic.id, partnerId: partnerId ?? '' }}
        icon="access"
      >
        {text('grant.mine')}
      </LinkButton>
      <LinkButton to="/subscriptions/new" search={{ topic: topic.id }} kind="primary" icon="plus">
        {text('subscription.create')}
      </LinkButton>
    </>
  );
}

function PublishFirst({ id }: { readonly id: string }) {
  const text = useText();
  return (
    <LinkButton
      to="/topics/$topicId"
      params={{ topicId: id }}
      search={{ tab: 'publish' }}
      kind="primary"
      icon="plus"
    >
      {text('topic.publishFirst')}
    </LinkButton>
  );
}

function Schema({ topic }: { readonly topic: Topic }) {
  const text = useText();
  if (topic.schema === null) {
    return <Empty icon="developers" title={text('topic.noSchema')} hint={text('topic.noSchemaHint')} />;
  }
  return <JsonText text={writeExact(topic.schema)} label={text('topic.schemaTab')} />;
}
