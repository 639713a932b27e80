import type { delivery } from '@anika/contracts/deliveries';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { z } from 'zod';
import type { ListQuery } from '../api/use-api.ts';
import { type Text, useText } from '../i18n/use-text.ts';
import { PartnerName } from '../partners/partner-name.tsx';
import { useMay } from '../session/session-context.ts';
import { SubscriptionName } from '../subscriptions/subscription-name.tsx';
import { TopicName } from '../topics/topic-name.tsx';
import { List } from '../ui/list.tsx';
import type { Column } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { DeliveryStateBadge, useReason } from './delivery-state.tsx';
import { RetryMany, useSelected } from './retry-many.tsx';

export type Delivery = Omit<z.output<typeof delivery>, 'lastAttempt'>;
type Shown = 'partner' | 'subscription' | 'topic';

type Props = {
  readonly list: ListQuery<Delivery>;
  /** What is not the same for all of them. */
  readonly show: readonly Shown[];
  readonly empty: ReactNode;
  readonly filters?: ReactNode;
  /** Own ones: several can be chosen and tried again. */
  readonly isOwn?: boolean;
};

export function DeliveryTable({ list, show, empty, filters, isOwn = false }: Props) {
  const text = useText();
  const may = useMay();
  const selection = useSelected();
  const retries = isOwn && may.manage;
  return (
    <List
      label={text('menu.deliveries')}
      list={list}
      filters={filters}
      rowKey={({ id }) => id}
      columns={useColumns(show)}
      empty={empty}
      {...(retries && { selection, bulk: <RetryMany deliveries={list.items} selection={selection} /> })}
    />
  );
}

function Why({ reason }: { readonly reason: string | null }) {
  return <span className="under">{useReason(reason)}</span>;
}

function useColumns(show: readonly Shown[]): readonly Column<Delivery>[] {
  const text = useText();
  const names = show.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names say it; a list written in a page is another one each time
  return useMemo(() => columnsOf(text, show), [text, names]);
}

function columnsOf(text: Text, show: readonly Shown[]): readonly Column<Delivery>[] {
  const who: Record<Shown, Column<Delivery>> = {
    partner: {
      id: 'partner',
      head: text('grant.reader'),
      cell: ({ partnerId }) => <PartnerName id={partnerId} />,
    },
    subscription: {
      id: 'subscription',
      head: text('subscription.one'),
      cell: ({ subscriptionId }) => <SubscriptionName id={subscriptionId} />,
    },
    topic: { id: 'topic', head: text('topic.one'), cell: ({ topicId }) => <TopicName id={topicId} /> },
  };
  return [
    {
      id: 'type',
      head: text('message.type'),
      cell: ({ id, type }) => (
        <Link to="/deliveries/$deliveryId" params={{ deliveryId: id }}>
          {type}
        </Link>
      ),
    },
    {
      id: 'state',
      head: text('ui.state'),
      cell: ({ state, reason }) => (
        <span>
          <DeliveryStateBadge state={state} reason={reason} />
          {reason !== null && <Why reason={reason} />}
        </span>
      ),
    },
    ...show.map((one) => who[one]),
    { id: 'attempts', head: text('delivery.attempts'), end: true, cell: ({ attemptCount }) => attemptCount },
    {
      id: 'accepted',
      head: text('message.acceptedAt'),
      cell: ({ acceptedAt }) => <Time at={acceptedAt} to="millisecond" />,
    },
    {
      id: 'finished',
      head: text('delivery.finished'),
      cell: ({ finishedAt, nextAttemptAt }) => {
        if (finishedAt !== null) return <Time at={finishedAt} to="millisecond" />;
        return nextAttemptAt === null ? (
          '–'
        ) : (
          <span>
            {text('delivery.next')} <Time at={nextAttemptAt} to="second" />
          </span>
        );
      },
    },
  ];
}
