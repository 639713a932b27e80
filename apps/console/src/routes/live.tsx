import { DELIVERY_STATES, type DeliveryState } from '@anika/core/delivery/delivery';
import { STREAM_KINDS, type StreamKind } from '@anika/core/stream/stream-event';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import { DeliveryStateBadge } from '../deliveries/delivery-state.tsx';
import { useDuration } from '../i18n/use-duration.ts';
import { textFor, useText } from '../i18n/use-text.ts';
import { type Happening, keyOf, type Stream, useStream } from '../live/use-stream.ts';
import { PartnerName } from '../partners/partner-name.tsx';
import { TopicName } from '../topics/topic-name.tsx';
import { TopicSelect } from '../topics/topic-select.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import type { IconName } from '../ui/icons.tsx';
import { Page } from '../ui/page.tsx';
import { Table } from '../ui/table.tsx';
import { Select } from '../ui/text-field.tsx';
import { Time } from '../ui/time.tsx';

const route = getRouteApi('/live');
const SHOWN = 100;

function isKind(text: string | undefined): text is StreamKind {
  return STREAM_KINDS.some((kind) => kind === text);
}

/** What happens, as it happens: ids, times and states, no content. */
export function LivePage() {
  const text = useText();
  const { topic, kind } = route.useSearch();
  const query = new URLSearchParams({
    ...(isKind(kind) && { kinds: kind }),
    ...(topic !== undefined && { topicId: topic }),
  });
  const stream = useStream(query.toString());
  const [frozen, setFrozen] = useState<readonly Happening[]>();
  const shown = frozen ?? stream.happenings;
  const newer = frozen === undefined ? 0 : Math.max(stream.happenings.indexOf(frozen[0] ?? neverHappened), 0);
  return (
    <Page
      title={text('menu.live')}
      lead={text('live.lead')}
      actions={
        <>
          <Connection state={stream.state} />
          <Button onPress={() => setFrozen(frozen === undefined ? stream.happenings : undefined)}>
            {frozen === undefined ? text('live.pause') : text('live.goOn', { count: newer })}
          </Button>
        </>
      }
    >
      <Filters />
      {stream.lost && <p className="note note-wait">{text('live.lost')}</p>}
      {shown.length === 0 ? (
        <Empty icon="tail" title={text('live.none')} hint={text('live.noneHint')} />
      ) : (
        <Happenings happenings={shown.slice(0, SHOWN)} />
      )}
    </Page>
  );
}

const neverHappened: Happening = { position: '', kind: 'state' };

const LOOKS: Readonly<Record<Stream['state'], { readonly tone: Tone; readonly icon: IconName }>> = {
  connecting: { tone: 'busy', icon: 'ring' },
  live: { tone: 'good', icon: 'disc' },
  reconnecting: { tone: 'wait', icon: 'half' },
  ended: { tone: 'bad', icon: 'cross' },
};

function Connection({ state }: { readonly state: Stream['state'] }) {
  const text = useText();
  return (
    <span role="status">
      <Badge {...LOOKS[state]} word={text(`live.state.${state}`)} />
    </span>
  );
}

function Filters() {
  const text = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (name: 'topic' | 'kind') => (value: string) =>
    void navigate({ search: { ...search, [name]: value === '' ? undefined : value } });
  return (
    <div className="filter-fields">
      <TopicSelect value={search.topic ?? ''} onChange={set('topic')} all={text('topic.all')} />
      <Select
        name="kind"
        label={text('live.kind')}
        value={search.kind ?? ''}
        onChange={set('kind')}
        options={[
          { value: '', label: text('ui.all') },
          ...STREAM_KINDS.map((value) => ({ value, label: text(`live.kind.${value}`) })),
        ]}
      />
    </div>
  );
}

function Happenings({ happenings }: { readonly happenings: readonly Happening[] }) {
  const text = useText();
  return (
    <Table
      label={text('menu.live')}
      rows={happenings}
      rowKey={keyOf}
      columns={[
        { id: 'at', head: text('audit.at'), cell: (one) => <At of={one} /> },
        { id: 'kind', head: text('live.kind'), cell: ({ kind }) => text(`live.kind.${kind}`) },
        { id: 'what', head: text('audit.what'), wide: true, cell: (one) => <What of={one} /> },
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
      ]}
    />
  );
}

function At({ of: { at, createdAt, acceptedAt } }: { readonly of: Happening }) {
  const time = at ?? createdAt ?? acceptedAt;
  return time === undefined ? '–' : <Time at={time} seconds />;
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
  const answer = status ?? textFor(intl, `attempt.${errorClass}`) ?? errorClass ?? '–';
  return text('live.attempt', { n: n ?? 0, answer, time: duration(durationMs ?? 0) });
}
