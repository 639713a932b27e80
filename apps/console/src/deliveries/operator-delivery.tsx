import { opsDelivery } from '@anika/contracts/ops';
import { Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { REFRESH_MS, useOne } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Empty } from '../ui/empty.tsx';
import { Freshness } from '../ui/freshness.tsx';
import { Id } from '../ui/id.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { useAttemptColumns } from './attempts.tsx';
import { DeliveryStateBadge, useReason } from './delivery-state.tsx';
import { numbered } from './numbered.ts';

type Delivery = z.output<NonNullable<typeof opsDelivery.success.schema>>;

/** What an operator may know of a delivery, and its job in Bull Board; nothing of what is in it. */
export function OperatorDelivery({ id }: { readonly id: string }) {
  const text = useText();
  const found = useOne(opsDelivery, [{ params: { id } }], { refreshMs: REFRESH_MS });
  const { data, error, refresh } = found;
  if (data === undefined) return error === null ? <Waiting /> : <Problem problem={error} onRetry={refresh} />;
  return (
    <Page
      title={data.type}
      above={<Link to="/">{text('menu.installation')}</Link>}
      beside={<DeliveryStateBadge state={data.state} />}
      lead={text('operator.noContent')}
    >
      <Facts delivery={data} />
      <Section title={text('delivery.attempts')} actions={<Freshness {...found} failed={error !== null} />}>
        <Requests attempts={data.attempts} />
      </Section>
      <Section title={text('operator.job')}>
        <Job job={data.job} />
      </Section>
    </Page>
  );
}

function Facts({ delivery: one }: { readonly delivery: Delivery }) {
  const text = useText();
  const reason = useReason(one.reason);
  return (
    <Properties
      items={[
        { name: text('topic.one'), value: one.topicName ?? <Id value={one.topicId} short /> },
        { name: text('topic.owner'), value: one.ownerName ?? <Id value={one.ownerId} short /> },
        { name: text('grant.reader'), value: one.partnerName ?? <Id value={one.partnerId} short /> },
        { name: text('subscription.url'), value: one.host ?? '–' },
        reason === undefined ? undefined : { name: text('operator.reason'), value: reason },
        { name: text('message.acceptedAt'), value: <Time at={one.acceptedAt} to="millisecond" /> },
        one.nextAttemptAt === null
          ? undefined
          : { name: text('delivery.nextAt'), value: <Time at={one.nextAttemptAt} to="millisecond" /> },
        one.finishedAt === null
          ? undefined
          : { name: text('delivery.finished'), value: <Time at={one.finishedAt} to="millisecond" /> },
        {
          name: text('message.one'),
          value: (
            <Link to="/messages/$messageId" params={{ messageId: one.messageId }}>
              {one.messageId}
            </Link>
          ),
        },
        { name: text('ui.id'), value: <Id value={one.id} /> },
      ]}
    />
  );
}

function Requests({ attempts }: Pick<Delivery, 'attempts'>) {
  const text = useText();
  const columns = useAttemptColumns();
  if (attempts.length === 0) return <p className="lead">{text('delivery.noAttempts')}</p>;
  return (
    <Table
      label={text('delivery.attempts')}
      rows={numbered(attempts)}
      rowKey={({ place }) => String(place)}
      columns={columns}
    />
  );
}

function Job({ job }: Pick<Delivery, 'job'>) {
  const text = useText();
  if (job === null) {
    return <Empty icon="queues" title={text('operator.noJob')} hint={text('operator.noJobHint')} />;
  }
  return (
    <Properties
      items={[
        { name: text('operator.queue'), value: <code>{job.queue}</code> },
        { name: text('ui.state'), value: job.state },
        { name: text('operator.board'), value: <a href={job.url}>{job.id}</a> },
      ]}
    />
  );
}
