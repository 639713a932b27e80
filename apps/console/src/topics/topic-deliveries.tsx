import { listTopicDeliveries } from '@anika/contracts/topic-deliveries';
import { DELIVERY_STATES, type DeliveryState } from '@anika/core/delivery/delivery';
import { useState } from 'react';
import { useList } from '../api/use-api.ts';
import { DeliveryTable } from '../deliveries/delivery-table.tsx';
import { useText } from '../i18n/use-text.ts';
import { Empty } from '../ui/empty.tsx';
import { Select } from '../ui/text-field.tsx';

const REFRESH_MS = 15_000;

type Props = {
  readonly topicId: string;
  /** Those of messages that were accepted in it. */
  readonly time?: { readonly from: string; readonly to: string };
};

/** What became of the topic's messages at all of its readers. */
export function TopicDeliveries({ topicId, time }: Props) {
  const text = useText();
  const [state, setState] = useState<DeliveryState | ''>('');
  const list = useList(
    listTopicDeliveries,
    { params: { id: topicId }, query: { limit: 50, ...time, ...(state !== '' && { state }) } },
    { refreshMs: REFRESH_MS },
  );
  return (
    <DeliveryTable
      list={list}
      show={['partner']}
      filters={
        <Select
          name="state"
          label={text('ui.state')}
          value={state}
          onChange={setState}
          options={[
            { value: '', label: text('ui.all') },
            ...DELIVERY_STATES.map((value) => ({ value, label: text(`delivery.state.${value}`) })),
          ]}
        />
      }
      empty={
        <Empty icon="delivery" title={text('delivery.noneFits')} hint={text('topic.noDeliveriesHint')} />
      }
    />
  );
}
