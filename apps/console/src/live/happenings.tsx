import { DELIVERY_STATES, type DeliveryState } from '@anika/core/delivery/delivery';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useIntl } from 'react-intl';
import { DeliveryStateBadge } from '../deliveries/delivery-state.tsx';
import { useDuration } from '../i18n/use-duration.ts';
import { type Text, textFor, useText } from '../i18n/use-text.ts';
import { PartnerName } from '../partners/partner-name.tsx';
import { TopicName } from '../topics/topic-name.tsx';
import { type Column, Table } from '../ui/table.tsx';
import { Time } from '../ui/time.tsx';
import { type Happening, keyOf, timeOf } from './use-stream.ts';

/** What happened, the newest first. */
export function Happenings({ happenings }: { readonly happenings: readonly Happening[] }) {
  const text = useText();
  // Some tens come at a time: those that are there already are not drawn again.
  const columns = useMemo(() => columnsOf(text), [text]);
  return <Table label={text('menu.live')} rows={happenings} rowKey={keyOf} columns={columns} />;
}

function columnsOf(text: Text): readonly Column<Happening>[] {
  return [
    { id: 'at', head: text('audit.at'), tight: true, cell: (one) => <At of={one} /> },
    { id: 'kind', head: text('live.kind'), cell: ({ kind }) => text(`live.kind.${kind}`) },
    { id: 'what', head: text('audit.what'), cell: (one) => <What of={one} /> },
    {
      id: 'topic',
      head: text('topic.one'),
      cell: ({ topicId }) => (topicId === undefined ? '–' : <TopicName id={topicId} />),
    },
    {
      id: 'reader',
      head: text('grant.reader'),
      cell: ({ partnerId }) => (partnerId === undefined ? '–' : <PartnerName id={partnerId} />),
    },
  ];
}

function At({ of }: { readonly of: Happening }) {
  const time = timeOf(of);
  return time === undefined ? '–' : <Time at={time} to={of.kind === 'state' ? 'second' : 'millisecond'} />;
}

function isState(text: string | undefined): text is DeliveryState {
  return DELIVERY_STATES.some((state) => state === text);
}

function What({ of }: { readonly of: Happening }) {
  const { kind, id, deliveryId, type, state, reason } = of;
  if (kind === 'message' && id !== undefined) {
    return (
      <Link to="/messages/$messageId" params={{ messageId: id }}>
        {type}
      </Link>
    );
  }
  const delivery = kind === 'delivery' ? id : deliveryId;
  const label = isState(state) ? (
    <DeliveryStateBadge state={state} reason={reason ?? null} />
  ) : (
    <Result of={of} />
  );
  if (delivery === undefined) return label;
  return (
    <Link to="/deliveries/$deliveryId" params={{ deliveryId: delivery }}>
      {label}
    </Link>
  );
}

function Result({ of: { kind, type, n, status, errorClass, durationMs } }: { readonly of: Happening }) {
  const text = useText();
  const intl = useIntl();
  const duration = useDuration();
  if (kind !== 'attempt') return type ?? '–';
  // One that was pulled and acknowledged has neither.
  const ended = errorClass ?? 'done';
  const answer = status ?? textFor(intl, `attempt.${ended}`) ?? ended;
  return text('live.attempt', { n: n ?? 0, answer, time: duration(durationMs ?? 0) });
}
