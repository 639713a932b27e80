import { listDeliveries } from '@anika/contracts/deliveries';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useList } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { useMay } from '../session/session-context.ts';
import { Code } from '../ui/code.tsx';
import { Empty } from '../ui/empty.tsx';
import { List } from '../ui/list.tsx';
import { Section } from '../ui/page.tsx';
import { Segments } from '../ui/segments.tsx';
import { Time } from '../ui/time.tsx';
import { pullSnippet, SNIPPET_LANGUAGES, SNIPPET_NAMES, type SnippetLanguage } from './pull-snippets.ts';
import type { Subscription } from './subscription-name.tsx';

const REFRESH_MS = 2000;

/** How a program fetches what there is, and what programs have now. */
export function PullGuide({ subscription: { id } }: { readonly subscription: Subscription }) {
  const text = useText();
  return (
    <>
      <Section title={text('pull.leases')} lead={text('pull.leasesLead')}>
        <Leases subscriptionId={id} />
      </Section>
      <Section title={text('pull.how')} lead={<How />}>
        <Snippets subscriptionId={id} />
      </Section>
    </>
  );
}

function How() {
  const text = useText();
  const may = useMay();
  return (
    <>
      {text('pull.howLead')}{' '}
      {may.administer && (
        <Link to="/settings" search={{ tab: 'keys' }}>
          {text('settings.keys')}
        </Link>
      )}
    </>
  );
}

function Snippets({ subscriptionId }: { readonly subscriptionId: string }) {
  const text = useText();
  const [language, setLanguage] = useState<SnippetLanguage>('curl');
  const source = pullSnippet(language, {
    url: `${location.origin}/v1/subscriptions/${subscriptionId}`,
    work: text('pull.work'),
    fill: text('pull.fill'),
  });
  return (
    <div className="stack">
      <Segments
        label={text('pull.language')}
        value={language}
        onChange={setLanguage}
        options={SNIPPET_LANGUAGES.map((value) => ({ value, label: SNIPPET_NAMES[value] }))}
      />
      <Code text={source} label={SNIPPET_NAMES[language]} />
    </div>
  );
}

/** Those that were given and not acknowledged, and those that were put back. */
function Leases({ subscriptionId }: { readonly subscriptionId: string }) {
  const text = useText();
  const list = useList(
    listDeliveries,
    { query: { subscriptionId, state: 'retrying' as const, limit: 20 } },
    { refreshMs: REFRESH_MS },
  );
  return (
    <List
      label={text('pull.leases')}
      list={list}
      rowKey={({ id }) => id}
      empty={<Empty icon="clock" title={text('pull.noLeases')} hint={text('pull.noLeasesHint')} />}
      columns={[
        {
          id: 'type',
          head: text('message.type'),
          wide: true,
          cell: ({ id, type }) => (
            <Link to="/deliveries/$deliveryId" params={{ deliveryId: id }}>
              {type}
            </Link>
          ),
        },
        {
          id: 'accepted',
          head: text('message.acceptedAt'),
          cell: ({ acceptedAt }) => <Time at={acceptedAt} to="millisecond" />,
        },
        { id: 'n', head: text('delivery.attempts'), end: true, cell: ({ attemptCount }) => attemptCount },
        {
          id: 'until',
          head: text('pull.again'),
          cell: ({ nextAttemptAt }) =>
            nextAttemptAt === null ? '–' : <Time at={nextAttemptAt} to="millisecond" />,
        },
      ]}
    />
  );
}
