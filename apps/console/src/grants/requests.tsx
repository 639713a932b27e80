import { type accessRequest, listAccessRequests, withdrawAccessRequest } from '@anika/contracts/grants';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { useList, useWrite } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { PartnerName } from '../partners/partner-name.tsx';
import { useMay } from '../session/session-context.ts';
import { TopicName } from '../topics/topic-name.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { List } from '../ui/list.tsx';
import { Problem } from '../ui/problem.tsx';
import { Time } from '../ui/time.tsx';
import { Until } from '../ui/until.tsx';
import { Visible } from '../ui/visible.tsx';
import { RequestStateBadge } from './grant-state.tsx';
import { OF_GRANTS } from './stale.ts';

type AccessRequest = z.output<typeof accessRequest>;

export function Requests({ direction }: { readonly direction: 'in' | 'out' }) {
  const text = useText();
  const list = useList(listAccessRequests, { query: { direction, limit: 50 } });
  return (
    <List
      label={text(`access.${direction}`)}
      list={list}
      rowKey={({ id }) => id}
      empty={
        <Empty
          icon="access"
          title={text(`request.none.${direction}`)}
          hint={text(`request.noneHint.${direction}`)}
        />
      }
      columns={[
        { id: 'topic', head: text('topic.one'), cell: ({ topicId }) => <TopicName id={topicId} /> },
        {
          id: 'who',
          head: text(direction === 'in' ? 'grant.reader' : 'topic.owner'),
          cell: ({ partnerId, ownerId }) => <PartnerName id={direction === 'in' ? partnerId : ownerId} />,
        },
        {
          id: 'purpose',
          head: text('grant.purpose'),
          wide: true,
          cell: ({ purpose, reason }) => (
            <span>
              <Visible text={purpose} />
              {reason !== null && <span className="under">{text('request.refusedBecause', { reason })}</span>}
            </span>
          ),
        },
        { id: 'state', head: text('ui.state'), cell: ({ state }) => <RequestStateBadge state={state} /> },
        {
          id: 'until',
          head: text('grant.until'),
          cell: ({ until }) => <Until at={until} />,
        },
        { id: 'created', head: text('request.made'), cell: ({ createdAt }) => <Time at={createdAt} /> },
        {
          id: 'do',
          head: text('ui.actions'),
          cell: (request) => <Do request={request} direction={direction} />,
        },
      ]}
    />
  );
}

type DoProps = { readonly request: AccessRequest; readonly direction: 'in' | 'out' };

function Do({ request: { id, state, topicId, partnerId }, direction }: DoProps) {
  const text = useText();
  const may = useMay();
  const withdraw = useWrite(withdrawAccessRequest, OF_GRANTS);
  if (state !== 'requested' || !may.administer) return '–';
  if (direction === 'in') {
    return (
      <Link to="/access/$topicId/$partnerId" params={{ topicId, partnerId }} search={{ request: id }}>
        {text('request.decide')}
      </Link>
    );
  }
  return (
    <>
      <Button busy={withdraw.busy} onPress={() => void withdraw.run({ params: { id } })}>
        {text('request.withdraw')}
      </Button>
      {withdraw.error !== null && <Problem problem={withdraw.error} />}
    </>
  );
}
