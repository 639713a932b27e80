import { listDeliveries } from '@anika/contracts/deliveries';
import { useList } from '../api/use-api.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { FigureCharts } from '../figures/figure-charts.tsx';
import { useListedTime } from '../figures/use-range.ts';
import { useText } from '../i18n/use-text.ts';
import { Empty } from '../ui/empty.tsx';
import { Section } from '../ui/page.tsx';

/** How an endpoint does over a time, and the deliveries of that time. */
export function SubscriptionFigures({ id }: { readonly id: string }) {
  const text = useText();
  const list = useList(listDeliveries, { query: { limit: 50, subscriptionId: id, ...useListedTime() } });
  return (
    <>
      <FigureCharts of={{ scope: 'subscription', id }} />
      <Section title={text('figures.deliveries')}>
        <DeliveryTable
          list={list}
          show={[]}
          empty={
            <Empty icon="search" title={text('delivery.noneFits')} hint={text('message.noneFitsHint')} />
          }
        />
      </Section>
    </>
  );
}
