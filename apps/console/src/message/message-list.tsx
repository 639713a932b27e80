import { searchMessages } from '@anika/contracts/messages';
import { memberText } from '@anika/core/json-text';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import { useList } from '../api/use-api.ts';
import { type Text, useText } from '../i18n/use-text.ts';
import { TopicName } from '../topics/topic-name.tsx';
import { Empty } from '../ui/empty.tsx';
import { List } from '../ui/list.tsx';
import type { Column } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { Visible } from '../ui/visible.tsx';
import type { Message } from './message.ts';
import { RecallAction } from './recall-action.tsx';

type Query = { [name in 'topicId' | 'type' | 'key' | 'q' | 'where' | 'from' | 'to']?: string } & {
  readonly state?: 'scheduled';
};

type Props = {
  readonly fixed: Query;
  readonly filters?: ReactNode;
  readonly narrowed?: boolean;
  /** What to do where there is none yet. */
  readonly first?: ReactNode;
  /** So many, and no more of them. */
  readonly newest?: number;
};

/** Messages that fit, newest first. */
export function MessageList({ fixed, filters, narrowed = false, first, newest }: Props) {
  const text = useText();
  const list = useList(searchMessages, { query: { limit: newest ?? 50, ...fixed } }, { take: withStart });
  const columns = useColumns(fixed.topicId === undefined || narrowed, fixed.state);
  return (
    <List
      label={text('menu.messages')}
      list={newest === undefined ? list : { ...list, more: undefined }}
      filters={filters}
      rowKey={({ id }) => id}
      columns={columns}
      empty={
        narrowed ? (
          <Empty icon="search" title={text('message.noneFits')} hint={text('message.noneFitsHint')} />
        ) : (
          <Empty icon="message" title={text('message.none')} hint={text('message.noneHint')} action={first} />
        )
      }
    />
  );
}

const START_LENGTH = 140;

/** The beginning of a payload, to be recognised by, in the place of all of it. */
function withStart(message: Message, text: string): Message {
  const data = memberText(text, 'data') ?? '';
  return { ...message, data: data.length > START_LENGTH ? `${data.slice(0, START_LENGTH)}…` : data };
}

function useColumns(withTopic: boolean, state: Query['state']): readonly Column<Message>[] {
  const text = useText();
  return useMemo(() => columnsOf(text, withTopic, state), [text, withTopic, state]);
}

function columnsOf(text: Text, withTopic: boolean, state: Query['state']): readonly Column<Message>[] {
  const topic: Column<Message> = {
    id: 'topic',
    head: text('topic.one'),
    cell: ({ topicId }) => <TopicName id={topicId} />,
  };
  return [
    {
      id: 'type',
      head: text('message.type'),
      cell: ({ id, type }) => (
        <Link to="/messages/$messageId" params={{ messageId: id }}>
          {type}
        </Link>
      ),
    },
    ...(withTopic ? [topic] : []),
    { id: 'key', head: text('message.key'), cell: ({ key }) => <Key value={key} /> },
    {
      id: 'data',
      head: text('message.data'),
      wide: true,
      cell: ({ data }) => (
        <code>
          <Visible text={String(data)} />
        </code>
      ),
    },
    ...(state === 'scheduled' ? scheduledColumns(text) : [acceptedColumn(text)]),
  ];
}

function Key({ value }: { readonly value: string | null }) {
  if (value === null) return '–';
  return (
    <span className="key">
      <Visible text={value} />
    </span>
  );
}

function acceptedColumn(text: Text): Column<Message> {
  return {
    id: 'at',
    head: text('message.acceptedAt'),
    tight: true,
    cell: ({ acceptedAt }) => <Time at={acceptedAt} to="millisecond" />,
  };
}

/** When it is sent, and that it need not be. */
function scheduledColumns(text: Text): readonly Column<Message>[] {
  return [
    {
      id: 'at',
      head: text('schedule.at'),
      cell: ({ deliverAt, acceptedAt }) => <Time at={deliverAt ?? acceptedAt} />,
    },
    { id: 'do', head: text('ui.actions'), cell: (message) => <RecallAction message={message} /> },
  ];
}
