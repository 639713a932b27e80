import { opsEndpoints, opsOverview } from '@anika/contracts/ops';
import { useIntl } from 'react-intl';
import type { z } from 'zod';
import { REFRESH_MS, useOne } from '../api/use-api.ts';
import { FigureCharts } from '../figures/figure-charts.tsx';
import { useDuration } from '../i18n/use-duration.ts';
import { textFor, useText } from '../i18n/use-text.ts';
import { Badge } from '../ui/badge.tsx';
import { Empty } from '../ui/empty.tsx';
import { Figures } from '../ui/figures.tsx';
import { Freshness } from '../ui/freshness.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Table } from '../ui/table.tsx';
import { Ago, Time } from '../ui/time.tsx';
import { Waiting } from '../ui/waiting.tsx';

type Overview = z.output<NonNullable<typeof opsOverview.success.schema>>;

/** How the installation does; nothing of what the companies send. */
export function OperatorOverview() {
  const text = useText();
  const found = useOne(opsOverview, [], { refreshMs: REFRESH_MS });
  const { data, error, refresh } = found;
  return (
    <Page
      title={text('menu.installation')}
      lead={text('operator.lead')}
      actions={
        <>
          <Freshness {...found} failed={error !== null} />
          <LinkButton to="/partners" kind="primary" icon="plus">
            {text('partners.invite')}
          </LinkButton>
        </>
      }
    >
      {error !== null && <Problem problem={error} onRetry={refresh} />}
      {data === undefined && error === null && <Waiting />}
      {data !== undefined && <Now overview={data} />}
      <FigureCharts of={{ scope: 'installation' }} />
      {data !== undefined && <Machinery overview={data} />}
      <Endpoints />
    </Page>
  );
}

function Now({ overview }: { readonly overview: Overview }) {
  const text = useText();
  const intl = useIntl();
  const rate = (value: number) => intl.formatNumber(value, { maximumFractionDigits: 1 });
  return (
    <Section title={text('operator.now')} lead={text('operator.rates')}>
      <Figures
        items={[
          { id: 'accepted', name: text('operator.accepted'), value: rate(overview.acceptedPerSecond) },
          { id: 'delivered', name: text('operator.delivered'), value: rate(overview.deliveredPerSecond) },
          { id: 'failed', name: text('operator.failed'), value: rate(overview.failedPerSecond) },
          { id: 'dead', name: text('operator.dead'), value: rate(overview.deadPerSecond) },
        ]}
      />
      <p className="page-actions">
        {Object.entries(overview.stores).map(([name, state]) => (
          <Badge
            key={name}
            tone={state === 'ok' ? 'good' : 'bad'}
            icon={state === 'ok' ? 'disc' : 'cross'}
            word={text(state === 'ok' ? 'operator.storeOk' : 'operator.storeMissing', { name })}
          />
        ))}
      </p>
    </Section>
  );
}

function Machinery({ overview }: { readonly overview: Overview }) {
  const text = useText();
  return (
    <>
      <Section title={text('operator.processes')}>
        <Processes processes={overview.processes} />
      </Section>
      <Section title={text('menu.queues')} actions={<a href="/admin/queues">{text('operator.board')}</a>}>
        <Queues queues={overview.queues} />
      </Section>
    </>
  );
}

const MEGABYTE = 1_048_576;

function Processes({ processes }: Pick<Overview, 'processes'>) {
  const text = useText();
  const intl = useIntl();
  const duration = useDuration();
  return (
    <Table
      label={text('operator.processes')}
      rows={processes}
      rowKey={({ program, host, pid }) => `${program} ${host} ${pid}`}
      columns={[
        {
          id: 'program',
          head: text('operator.program'),
          cell: ({ program, version }) => `${program} ${version}`,
        },
        { id: 'host', head: text('operator.host'), wide: true, cell: ({ host, pid }) => `${host} · ${pid}` },
        { id: 'started', head: text('operator.started'), cell: ({ startedAt }) => <Ago at={startedAt} /> },
        {
          id: 'cpu',
          head: text('operator.cpu'),
          end: true,
          cell: ({ cpuPercent }) => intl.formatNumber(cpuPercent / 100, { style: 'percent' }),
        },
        {
          id: 'memory',
          head: text('operator.memory'),
          end: true,
          cell: ({ memoryBytes }) =>
            intl.formatNumber(Math.round(memoryBytes / MEGABYTE), { style: 'unit', unit: 'megabyte' }),
        },
        {
          id: 'loop',
          head: text('operator.loop'),
          end: true,
          cell: ({ eventLoopP99Ms }) => duration(eventLoopP99Ms),
        },
      ]}
    />
  );
}

function boardOf(queue: string): string {
  return `/admin/queues/queue/${encodeURIComponent(queue)}`;
}

function Queues({ queues }: Pick<Overview, 'queues'>) {
  const text = useText();
  const intl = useIntl();
  const states = [...new Set(queues.flatMap(({ jobs }) => Object.keys(jobs)))];
  return (
    <Table
      label={text('menu.queues')}
      rows={queues}
      rowKey={({ queue }) => queue}
      columns={[
        {
          id: 'queue',
          head: text('operator.queue'),
          cell: ({ queue }) => (
            <a href={boardOf(queue)}>
              <code>{queue}</code>
            </a>
          ),
        },
        ...states.map((state) => ({
          id: state,
          head: textFor(intl, `operator.jobs.${state}`) ?? state,
          end: true,
          cell: ({ queue, jobs }: Overview['queues'][number]) => {
            const count = jobs[state] ?? 0;
            const shown = intl.formatNumber(count);
            return count === 0 ? shown : <a href={`${boardOf(queue)}?status=${state}`}>{shown}</a>;
          },
        })),
      ]}
    />
  );
}

function Endpoints() {
  const text = useText();
  const intl = useIntl();
  const duration = useDuration();
  const { data, error, refresh } = useOne(opsEndpoints, [{ query: { order: 'failing', limit: 20 } }], {
    refreshMs: 3 * REFRESH_MS,
  });
  const failing = data?.subscriptions ?? [];
  return (
    <Section title={text('operator.endpoints')} lead={text('operator.endpointsLead')}>
      {error !== null && <Problem problem={error} onRetry={refresh} />}
      {data !== undefined && failing.length === 0 && (
        <Empty icon="check" title={text('operator.noEndpoints')} hint={text('operator.noEndpointsHint')} />
      )}
      {failing.length > 0 && (
        <Table
          label={text('operator.endpoints')}
          rows={failing}
          rowKey={({ subscriptionId }) => subscriptionId}
          columns={[
            {
              id: 'who',
              head: text('partners.name'),
              wide: true,
              cell: ({ partnerName, host, topicName }) => (
                <span>
                  {partnerName} · {topicName}
                  {host !== null && <span className="under">{host}</span>}
                </span>
              ),
            },
            {
              id: 'share',
              head: text('operator.failedShare'),
              end: true,
              cell: ({ failedShare }) => intl.formatNumber(failedShare, { style: 'percent' }),
            },
            { id: 'dead', head: text('health.dead'), end: true, cell: ({ dead }) => intl.formatNumber(dead) },
            {
              id: 'p95',
              head: text('receipt.p95'),
              end: true,
              cell: ({ p95Ms }) => (p95Ms === null ? '–' : duration(p95Ms)),
            },
            {
              id: 'since',
              head: text('health.failingSince'),
              cell: ({ failingSince }) => (failingSince === null ? '–' : <Time at={failingSince} />),
            },
          ]}
        />
      )}
    </Section>
  );
}
