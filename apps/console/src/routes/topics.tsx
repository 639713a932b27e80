import { listTopics } from '@anika/contracts/topics';
import { Link } from '@tanstack/react-router';
import { useList } from '../api/use-api.ts';
import { TrafficLine } from '../figures/traffic-line.tsx';
import { useText } from '../i18n/use-text.ts';
import { useMay, useSession } from '../session/session-context.ts';
import type { Topic } from '../topics/topic-name.tsx';
import { Badge } from '../ui/badge.tsx';
import { Empty } from '../ui/empty.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { List } from '../ui/list.tsx';
import { Page } from '../ui/page.tsx';
import type { Column } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { Visible } from '../ui/visible.tsx';

export function TopicsPage() {
  const text = useText();
  const may = useMay();
  const list = useList(listTopics, { query: { limit: 50 } });
  const create = may.manage && (
    <LinkButton to="/topics/new" kind="primary" icon="plus">
      {text('topic.create')}
    </LinkButton>
  );
  return (
    <Page title={text('menu.topics')} lead={text('topic.listLead')} actions={create}>
      <List
        label={text('menu.topics')}
        list={list}
        columns={useColumns()}
        rowKey={({ id }) => id}
        empty={
          <Empty icon="topic" title={text('topic.none')} hint={text('topic.noneHint')} action={create} />
        }
      />
    </Page>
  );
}

function useColumns(): readonly Column<Topic>[] {
  const text = useText();
  const { partnerId } = useSession();
  return [
    {
      id: 'name',
      head: text('topic.one'),
      wide: true,
      cell: ({ id, name, description }) => (
        <span>
          <Link to="/topics/$topicId" params={{ topicId: id }}>
            {name}
          </Link>
          {description !== null && (
            <span className="under">
              <Visible text={description} />
            </span>
          )}
        </span>
      ),
    },
    {
      id: 'owner',
      head: text('topic.owner'),
      cell: ({ owner }) =>
        owner.id === partnerId ? (
          <Badge tone="plain" icon="topic" word={text('topic.weOwn')} />
        ) : (
          <span>{owner.name}</span>
        ),
    },
    {
      id: 'line',
      head: text('figures.lastHour'),
      cell: ({ id, owner }) => <TrafficLine of={{ scope: owner.id === partnerId ? 'topic' : 'pair', id }} />,
    },
    {
      id: 'visibility',
      head: text('topic.visibility'),
      cell: ({ visibility }) => text(`topic.visibility.${visibility}`),
    },
    {
      id: 'retention',
      head: text('topic.retention'),
      end: true,
      cell: ({ retentionDays }) => text('topic.days', { count: retentionDays }),
    },
    { id: 'created', head: text('topic.created'), cell: ({ createdAt }) => <Time at={createdAt} /> },
  ];
}
