import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ListQuery } from '../api/use-api.ts';
import { TrafficLine } from '../figures/traffic-line.tsx';
import { useText } from '../i18n/use-text.ts';
import { PartnerName } from '../partners/partner-name.tsx';
import { useTopics } from '../topics/topic-name.tsx';
import { List } from '../ui/list.tsx';
import type { Column } from '../ui/table.tsx';
import { Until } from '../ui/until.tsx';
import { Visible } from '../ui/visible.tsx';
import { GrantStateBadge } from './grant-state.tsx';
import { type Grant, maskOf } from './terms.ts';

type Props = {
  readonly list: ListQuery<Grant>;
  /** What tells one from the other. */
  readonly who: 'topic' | 'both';
  readonly empty: ReactNode;
  readonly filters?: ReactNode;
};

export function GrantTable({ list, who, empty, filters }: Props) {
  const text = useText();
  return (
    <List
      label={text('menu.access')}
      list={list}
      rowKey={({ id }) => id}
      columns={useColumns(who)}
      empty={empty}
      filters={filters}
    />
  );
}

function GrantLink({ grant: { topicId, partnerId } }: { readonly grant: Grant }) {
  const topic = useTopics().get(topicId);
  return (
    <Link to="/access/$topicId/$partnerId" params={{ topicId, partnerId }}>
      {topic?.name ?? topicId}
    </Link>
  );
}

function Owner({ topicId }: { readonly topicId: string }) {
  const topic = useTopics().get(topicId);
  return topic === undefined ? '–' : <PartnerName id={topic.owner.id} />;
}

function useColumns(who: Props['who']): readonly Column<Grant>[] {
  const text = useText();
  const reader: Column<Grant> = {
    id: 'reader',
    head: text('grant.reader'),
    cell: ({ partnerId }) => <PartnerName id={partnerId} />,
  };
  const owner: Column<Grant> = {
    id: 'owner',
    head: text('topic.owner'),
    cell: ({ topicId }) => <Owner topicId={topicId} />,
  };
  return [
    {
      id: 'topic',
      head: text('topic.one'),
      wide: true,
      cell: (grant) => (
        <span>
          <GrantLink grant={grant} />
          {grant.purpose !== null && (
            <span className="under">
              <Visible text={grant.purpose} />
            </span>
          )}
        </span>
      ),
    },
    who === 'both' ? reader : owner,
    { id: 'state', head: text('ui.state'), cell: (grant) => <GrantStateBadge grant={grant} /> },
    {
      id: 'line',
      head: text('figures.lastHour'),
      cell: ({ topicId, partnerId }) => (
        <TrafficLine of={{ scope: 'pair', id: topicId, ...(who === 'both' && { partnerId }) }} />
      ),
    },
    {
      id: 'hidden',
      head: text('grant.fields'),
      cell: ({ fields }) => {
        const { kind, paths } = maskOf(fields);
        return text(`grant.shown.${kind}`, { count: paths.length });
      },
    },
    {
      id: 'types',
      head: text('grant.types'),
      cell: ({ types }) => (types.length === 0 ? text('grant.allTypes') : types.join(', ')),
    },
    {
      id: 'until',
      head: text('grant.until'),
      cell: ({ expiresAt }) => <Until at={expiresAt} />,
    },
  ];
}
