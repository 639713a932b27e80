import { type erasure, listErasures } from '@anika/contracts/erasures';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { useList } from '../api/use-api.ts';
import { ErasureStateBadge } from '../erasures/erasure-state.tsx';
import { StartErasure } from '../erasures/start-erasure.tsx';
import { useText } from '../i18n/use-text.ts';
import { TopicName } from '../topics/topic-name.tsx';
import { Empty } from '../ui/empty.tsx';
import { List } from '../ui/list.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Time } from '../ui/time.tsx';

export type Erasure = z.output<typeof erasure>;

/** All messages of a person, from own topics. */
export function ErasuresPage() {
  const text = useText();
  const list = useList(listErasures, { query: { limit: 50 } });
  return (
    <Page title={text('menu.erasures')} lead={text('erasure.lead')}>
      <Section title={text('erasure.new')} lead={text('erasure.newLead')}>
        <StartErasure />
      </Section>
      <Section title={text('erasure.all')}>
        <List
          label={text('erasure.all')}
          list={list}
          rowKey={({ id }) => id}
          empty={<Empty icon="erase" title={text('erasure.none')} hint={text('erasure.noneHint')} />}
          columns={[
            {
              id: 'reason',
              head: text('recall.why'),
              wide: true,
              cell: ({ id, reason, by }) => (
                <span>
                  <Link to="/erasures/$erasureId" params={{ erasureId: id }}>
                    {reason}
                  </Link>
                  <span className="under">{text(`erasure.by.${by}`)}</span>
                </span>
              ),
            },
            {
              id: 'topic',
              head: text('topic.one'),
              cell: ({ topicId }) =>
                topicId === null ? text('erasure.allTopics') : <TopicName id={topicId} />,
            },
            { id: 'state', head: text('ui.state'), cell: ({ state }) => <ErasureStateBadge state={state} /> },
            { id: 'count', head: text('erasure.erased'), end: true, cell: ({ erased }) => erased },
            {
              id: 'created',
              head: text('topic.created'),
              tight: true,
              cell: ({ createdAt }) => <Time at={createdAt} />,
            },
          ]}
        />
      </Section>
    </Page>
  );
}
