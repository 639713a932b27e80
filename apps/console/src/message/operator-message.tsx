import { opsMessage } from '@anika/contracts/ops';
import { Link } from '@tanstack/react-router';
import { REFRESH_MS, useOne } from '../api/use-api.ts';
import { DeliveryStateBadge } from '../deliveries/delivery-state.tsx';
import { useText } from '../i18n/use-text.ts';
import { PartnerName } from '../partners/partner-name.tsx';
import { Empty } from '../ui/empty.tsx';
import { Freshness } from '../ui/freshness.tsx';
import { Id } from '../ui/id.tsx';
import { Page, Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** What became of a message; nothing of what is in it. */
export function OperatorMessage({ id }: { readonly id: string }) {
  const text = useText();
  const found = useOne(opsMessage, [{ params: { id } }], { refreshMs: REFRESH_MS });
  const { data, error, refresh } = found;
  if (data === undefined) return error === null ? <Waiting /> : <Problem problem={error} onRetry={refresh} />;
  return (
    <Page
      title={data.type}
      above={<Link to="/">{text('menu.installation')}</Link>}
      lead={text('operator.noContent')}
    >
      <Properties
        items={[
          { name: text('topic.one'), value: data.topicName ?? <Id value={data.topicId} short /> },
          { name: text('topic.owner'), value: data.ownerName ?? <Id value={data.ownerId} short /> },
          { name: text('message.acceptedAt'), value: <Time at={data.acceptedAt} to="millisecond" /> },
          { name: text('ui.id'), value: <Id value={data.id} /> },
        ]}
      />
      <Section title={text('menu.deliveries')} actions={<Freshness {...found} failed={error !== null} />}>
        {data.deliveries.length === 0 ? (
          <Empty
            icon="delivery"
            title={text('message.noDeliveries')}
            hint={text('message.noDeliveriesHint')}
          />
        ) : (
          <Table
            label={text('menu.deliveries')}
            rows={data.deliveries}
            rowKey={({ id: delivery }) => delivery}
            columns={[
              {
                id: 'reader',
                head: text('grant.reader'),
                cell: ({ id: deliveryId, partnerId }) => (
                  <Link to="/deliveries/$deliveryId" params={{ deliveryId }}>
                    <PartnerName id={partnerId} />
                  </Link>
                ),
              },
              {
                id: 'state',
                head: text('ui.state'),
                cell: ({ state, reason }) => <DeliveryStateBadge state={state} reason={reason} />,
              },
              {
                id: 'attempts',
                head: text('delivery.attempts'),
                end: true,
                cell: ({ attemptCount }) => attemptCount,
              },
              {
                id: 'finished',
                head: text('delivery.finished'),
                cell: ({ finishedAt }) =>
                  finishedAt === null ? '–' : <Time at={finishedAt} to="millisecond" />,
              },
            ]}
          />
        )}
      </Section>
    </Page>
  );
}
