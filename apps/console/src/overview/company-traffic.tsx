import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { FigureCharts } from '../figures/figure-charts.tsx';
import { sumsOf } from '../figures/read-figures.ts';
import { LAST_HOUR } from '../figures/traffic-line.tsx';
import { useAllFigures } from '../figures/use-figures.ts';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { type Subscription, titleOf, useSubscriptions } from '../subscriptions/subscription-name.tsx';
import { SubscriptionStateBadge } from '../subscriptions/subscription-state.tsx';
import { type Topic, useTopics } from '../topics/topic-name.tsx';
import { Section } from '../ui/page.tsx';
import { Select } from '../ui/text-field.tsx';
import { type TrafficRow, TrafficTable } from './traffic-table.tsx';

const route = getRouteApi('/');
/** More are on the pages of topics and subscriptions. */
const ROWS = 8;

type Subject = TrafficRow & { readonly title: string };

function usePublished(): readonly Subject[] {
  const { partnerId } = useSession();
  const topics = useTopics();
  return useMemo(
    () => [...topics.values()].filter(({ owner }) => owner.id === partnerId).map(subjectOfTopic),
    [topics, partnerId],
  );
}

function subjectOfTopic({ id, name }: Topic): Subject {
  return {
    id,
    title: name,
    of: { scope: 'topic', id },
    name: (
      <Link to="/topics/$topicId" params={{ topicId: id }} search={{ tab: 'figures' }}>
        {name}
      </Link>
    ),
  };
}

function useReceived(): readonly Subject[] {
  const subscriptions = useSubscriptions();
  return useMemo(() => [...subscriptions.values()].map(subjectOfSubscription), [subscriptions]);
}

function subjectOfSubscription(one: Subscription): Subject {
  return {
    id: one.id,
    title: titleOf(one),
    of: { scope: 'subscription', id: one.id },
    name: (
      <span className="with-state">
        <Link
          to="/subscriptions/$subscriptionId"
          params={{ subscriptionId: one.id }}
          search={{ tab: 'figures' }}
        >
          {titleOf(one)}
        </Link>
        <SubscriptionStateBadge state={one.state} health={one.health} />
      </span>
    ),
  };
}

/** What the company publishes and receives: the last hour of each, and charts of one of them. */
export function CompanyTraffic() {
  const text = useText();
  const [published, received] = [usePublished(), useReceived()];
  return (
    <>
      {published.length > 0 && (
        <Section
          title={text('figures.publish')}
          actions={<Link to="/topics">{text('figures.all', { count: published.length })}</Link>}
        >
          <TrafficTable
            label={text('figures.publish')}
            head={text('topic.one')}
            rows={published.slice(0, ROWS)}
          />
        </Section>
      )}
      {received.length > 0 && (
        <Section
          title={text('figures.receive')}
          actions={<Link to="/subscriptions">{text('figures.all', { count: received.length })}</Link>}
        >
          <TrafficTable
            label={text('figures.receive')}
            head={text('subscription.one')}
            rows={received.slice(0, ROWS)}
          />
        </Section>
      )}
      <Charts subjects={[...published, ...received]} />
    </>
  );
}

/** Where most happened in the last hour: what is shown before anything is chosen. It stays the same then. */
function useBusiest(subjects: readonly Subject[]): Subject | undefined {
  const [found, setFound] = useState<string>();
  const rows = subjects.slice(0, ROWS);
  const all = useAllFigures(rows.map(({ of }) => ({ of, range: LAST_HOUR })));
  if (found !== undefined) return subjects.find(({ id }) => id === found);
  if (rows.length === 0 || all.includes(undefined)) return undefined;
  const counts = all.map((figures) => {
    if (figures === undefined) return 0;
    const { accepted, delivered } = sumsOf(figures);
    return accepted + delivered;
  });
  const busiest = rows[counts.indexOf(Math.max(...counts))];
  setFound(busiest?.id);
  return busiest;
}

function Charts({ subjects }: { readonly subjects: readonly Subject[] }) {
  const text = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const busiest = useBusiest(subjects);
  const shown = subjects.find(({ id }) => id === search.of) ?? busiest;
  if (shown === undefined) return null;
  return (
    <FigureCharts
      of={shown.of}
      chooser={
        <Select
          name="of"
          label={text('figures.of')}
          value={shown.id}
          onChange={(id) => void navigate({ search: { ...search, of: id }, resetScroll: false })}
          options={subjects.map(({ id, title }) => ({ value: id, label: title }))}
        />
      }
    />
  );
}
