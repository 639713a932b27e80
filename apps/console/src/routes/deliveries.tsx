import { listDeliveries } from '@anika/contracts/deliveries';
import { DELIVERY_STATES, type DeliveryState } from '@anika/core/delivery/delivery';
import { getRouteApi } from '@tanstack/react-router';
import { useList } from '../api/use-api.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { useText } from '../i18n/use-text.ts';
import { titleOf, useSubscriptions } from '../subscriptions/subscription-name.tsx';
import { TopicSelect } from '../topics/topic-select.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';
import { Select } from '../ui/text-field.tsx';
import { TimeField } from '../ui/time-field.tsx';

const route = getRouteApi('/deliveries');

function isState(text: string | undefined): text is DeliveryState {
  return DELIVERY_STATES.some((state) => state === text);
}

export function DeliveriesPage() {
  const text = useText();
  const { state, topic, subscription, from, to } = route.useSearch();
  const list = useList(listDeliveries, {
    query: {
      limit: 50,
      ...(isState(state) && { state }),
      ...(topic !== undefined && { topicId: topic }),
      ...(subscription !== undefined && { subscriptionId: subscription }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
    },
  });
  const narrowed = [state, topic, subscription, from, to].some((one) => one !== undefined);
  const empty = narrowed ? (
    <Empty icon="search" title={text('delivery.noneFits')} hint={text('message.noneFitsHint')} />
  ) : (
    <Empty icon="delivery" title={text('delivery.none')} hint={text('delivery.noneHint')} />
  );
  return (
    <Page title={text('menu.deliveries')} lead={text('delivery.lead')}>
      <DeliveryTable
        list={list}
        show={['topic', 'subscription']}
        empty={empty}
        filters={<Filters narrowed={narrowed} />}
        isOwn
      />
    </Page>
  );
}

function Filters({ narrowed }: { readonly narrowed: boolean }) {
  const text = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const subscriptions = [...useSubscriptions().values()];
  const set = (name: keyof typeof search) => (value: string) =>
    void navigate({ search: { ...search, [name]: value === '' ? undefined : value } });
  return (
    <>
      <Select
        name="state"
        label={text('ui.state')}
        value={search.state ?? ''}
        onChange={set('state')}
        options={[
          { value: '', label: text('ui.all') },
          ...DELIVERY_STATES.map((value) => ({ value, label: text(`delivery.state.${value}`) })),
        ]}
      />
      <TopicSelect value={search.topic ?? ''} onChange={set('topic')} all={text('ui.all')} />
      <Select
        name="subscription"
        label={text('subscription.one')}
        value={search.subscription ?? ''}
        onChange={set('subscription')}
        options={[
          { value: '', label: text('ui.all') },
          ...subscriptions.map((one) => ({ value: one.id, label: titleOf(one) })),
        ]}
      />
      <TimeField name="from" label={text('ui.from')} value={search.from ?? ''} onChange={set('from')} />
      <TimeField name="to" label={text('ui.to')} value={search.to ?? ''} onChange={set('to')} />
      {narrowed && (
        <Button kind="quiet" onPress={() => void navigate({ search: {} })}>
          {text('ui.clear')}
        </Button>
      )}
    </>
  );
}
