import { getReplay } from '@anika/contracts/replays';
import { writeExact } from '@anika/core/exact-json';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useIntl } from 'react-intl';
import { useOne } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { type Replay, ReplayActions } from '../replays/replay-actions.tsx';
import { ReplayProgress } from '../replays/replay-progress.tsx';
import { ReplayStateBadge, useReplayReason } from '../replays/replay-state.tsx';
import { SubscriptionName } from '../subscriptions/subscription-name.tsx';
import { TopicName } from '../topics/topic-name.tsx';
import { Figures } from '../ui/figures.tsx';
import { Freshness } from '../ui/freshness.tsx';
import { Id } from '../ui/id.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { Time } from '../ui/time.tsx';
import { Visible } from '../ui/visible.tsx';
import { Waiting } from '../ui/waiting.tsx';

const route = getRouteApi('/replays/$replayId');
const REFRESH_MS = 1000;

/** One replay: how far it has come, why it waits, and what may be done with it. */
export function ReplayPage() {
  const text = useText();
  const { replayId } = route.useParams();
  const found = useOne(getReplay, [{ params: { id: replayId } }], { refreshMs: REFRESH_MS });
  const { data, error, refresh } = found;
  if (data === undefined) return error === null ? <Waiting /> : <Problem problem={error} onRetry={refresh} />;
  return (
    <Page
      title={text('replay.one')}
      above={
        <Link
          to="/subscriptions/$subscriptionId"
          params={{ subscriptionId: data.subscriptionId }}
          search={{ tab: 'replays' }}
        >
          {text('replay.all')}
        </Link>
      }
      beside={<ReplayStateBadge state={data.state} />}
      actions={<ReplayActions of={data} />}
    >
      <Why replay={data} />
      <Section title={text('replay.progress')} actions={<Freshness {...found} failed={error !== null} />}>
        <ReplayProgress of={data} />
        <Counts replay={data} />
      </Section>
      <Facts replay={data} />
    </Page>
  );
}

function Why({ replay }: { readonly replay: Replay }) {
  const text = useText();
  const reason = useReplayReason(replay);
  if (reason === undefined) return null;
  return (
    <p className="note note-wait" role="status">
      {reason}
      {replay.state === 'paused' && replay.reason === 'endpoint-failing' && ` ${text('replay.mend')}`}
    </p>
  );
}

const COUNTED = ['started', 'underWay', 'delivered', 'dead', 'cancelled'] as const;

function Counts({ replay }: { readonly replay: Replay }) {
  const text = useText();
  const intl = useIntl();
  const { matched, isRead } = replay;
  const found = { id: 'matched', name: text('replay.matched') };
  return (
    <Figures
      items={[
        { ...found, value: `${intl.formatNumber(matched)}${isRead ? '' : '+'}` },
        ...COUNTED.map((id) => ({
          id,
          name: text(`replay.${id}`),
          value: intl.formatNumber(replay[id]),
        })),
      ]}
    />
  );
}

function Facts({ replay }: { readonly replay: Replay }) {
  const text = useText();
  const { from, to, only, perSecond, types, filter, createdAt, endedAt } = replay;
  return (
    <Properties
      items={[
        { name: text('subscription.one'), value: <SubscriptionName id={replay.subscriptionId} /> },
        { name: text('topic.one'), value: <TopicName id={replay.topicId} /> },
        {
          name: text('replay.range'),
          value: (
            <>
              <Time at={from} /> – <Time at={to} />
            </>
          ),
        },
        { name: text('replay.only'), value: text(`replay.only.${only}`) },
        types.length === 0 ? undefined : { name: text('grant.types'), value: types.join(', ') },
        filter === null
          ? undefined
          : {
              name: text('grant.filter'),
              value: (
                <code>
                  <Visible text={writeExact(filter)} />
                </code>
              ),
            },
        { name: text('replay.pace'), value: perSecond },
        { name: text('topic.created'), value: <Time at={createdAt} to="millisecond" /> },
        endedAt === null
          ? undefined
          : { name: text('delivery.finished'), value: <Time at={endedAt} to="millisecond" /> },
        { name: text('ui.id'), value: <Id value={replay.id} /> },
      ]}
    />
  );
}
