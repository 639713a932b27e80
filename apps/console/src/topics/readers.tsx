import { listTopicGrants } from '@anika/contracts/grants';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useList } from '../api/use-api.ts';
import { TrafficLine } from '../figures/traffic-line.tsx';
import { GrantStateBadge } from '../grants/grant-state.tsx';
import { useText } from '../i18n/use-text.ts';
import { PartnerName, usePartners } from '../partners/partner-name.tsx';
import { useMay, useSession } from '../session/session-context.ts';
import { Empty } from '../ui/empty.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { List } from '../ui/list.tsx';
import { Select } from '../ui/text-field.tsx';
import { Until } from '../ui/until.tsx';
import { Visible } from '../ui/visible.tsx';
import type { Topic } from './topic-name.tsx';

/** Who may read the topic, and letting in one more. */
export function Readers({ topic }: { readonly topic: Topic }) {
  const text = useText();
  const may = useMay();
  const list = useList(listTopicGrants, { params: { id: topic.id }, query: { limit: 50 } });
  return (
    <List
      label={text('topic.readers')}
      list={list}
      rowKey={({ id }) => id}
      filters={may.administer && <LetIn topic={topic} known={list.items.map(({ partnerId }) => partnerId)} />}
      empty={
        <Empty
          icon="access"
          title={text('topic.noReaders')}
          hint={text(may.administer ? 'topic.noReadersHint' : 'topic.noReadersAsk')}
        />
      }
      columns={[
        {
          id: 'partner',
          head: text('grant.reader'),
          wide: true,
          cell: ({ partnerId, topicId, purpose }) => (
            <span>
              <Link to="/access/$topicId/$partnerId" params={{ topicId, partnerId }}>
                <PartnerName id={partnerId} />
              </Link>
              {purpose !== null && (
                <span className="under">
                  <Visible text={purpose} />
                </span>
              )}
            </span>
          ),
        },
        { id: 'state', head: text('ui.state'), cell: (grant) => <GrantStateBadge grant={grant} /> },
        {
          id: 'line',
          head: text('figures.lastHour'),
          cell: ({ topicId, partnerId }) => <TrafficLine of={{ scope: 'pair', id: topicId, partnerId }} />,
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
        { id: 'version', head: text('grant.version'), end: true, cell: ({ version }) => `v${version}` },
      ]}
    />
  );
}

function LetIn({ topic, known }: { readonly topic: Topic; readonly known: readonly string[] }) {
  const text = useText();
  const { partnerId: own } = useSession();
  const [partnerId, setPartnerId] = useState('');
  const others = [...usePartners()].filter(([id]) => id !== own && !known.includes(id));
  return (
    <>
      <Select
        name="partner"
        label={text('topic.letIn')}
        value={partnerId}
        onChange={setPartnerId}
        options={[
          { value: '', label: text('partner.choose') },
          ...others.map(([value, label]) => ({ value, label })),
        ]}
      />
      {partnerId !== '' && (
        <LinkButton to="/access/$topicId/$partnerId" params={{ topicId: topic.id, partnerId }} kind="primary">
          {text('grant.writeTerms')}
        </LinkButton>
      )}
    </>
  );
}
