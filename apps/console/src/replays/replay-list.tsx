import { listReplays } from '@anika/contracts/replays';
import { Link } from '@tanstack/react-router';
import { useList } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Empty } from '../ui/empty.tsx';
import { List } from '../ui/list.tsx';
import { Time } from '../ui/time.tsx';
import type { Replay } from './replay-actions.tsx';
import { ReplayProgress } from './replay-progress.tsx';
import { ReplayStateBadge, useReplayReason } from './replay-state.tsx';

const REFRESH_MS = 2000;

/** Replays of one subscription, newest first. */
export function ReplayList({ subscriptionId }: { readonly subscriptionId: string }) {
  const text = useText();
  const list = useList(listReplays, { query: { subscriptionId, limit: 20 } }, { refreshMs: REFRESH_MS });
  return (
    <List
      label={text('replay.all')}
      list={list}
      rowKey={({ id }) => id}
      empty={<Empty icon="refresh" title={text('replay.none')} hint={text('replay.noneHint')} />}
      columns={[
        {
          id: 'range',
          head: text('replay.range'),
          cell: ({ id, from, to }) => (
            <Link to="/replays/$replayId" params={{ replayId: id }}>
              <Time at={from} /> – <Time at={to} />
            </Link>
          ),
        },
        { id: 'only', head: text('replay.only'), cell: ({ only }) => text(`replay.only.${only}`) },
        { id: 'state', head: text('ui.state'), cell: (one) => <State of={one} /> },
        {
          id: 'progress',
          head: text('replay.progress'),
          wide: true,
          cell: (one) => <ReplayProgress of={one} />,
        },
        { id: 'created', head: text('topic.created'), cell: ({ createdAt }) => <Time at={createdAt} /> },
      ]}
    />
  );
}

function State({ of }: { readonly of: Replay }) {
  const reason = useReplayReason(of);
  return (
    <span>
      <ReplayStateBadge state={of.state} />
      {reason !== undefined && <span className="under">{reason}</span>}
    </span>
  );
}
