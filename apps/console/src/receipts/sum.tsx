import type { rangeReceipt } from '@anika/contracts/receipts';
import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { useIntl } from 'react-intl';
import type { z } from 'zod';
import { DeliveryStateBadge } from '../deliveries/delivery-state.tsx';
import { usePreferences } from '../i18n/preferences.tsx';
import { useDuration } from '../i18n/use-duration.ts';
import { useText } from '../i18n/use-text.ts';
import { PartnerName } from '../partners/partner-name.tsx';
import { TopicName } from '../topics/topic-name.tsx';
import { Figures } from '../ui/figures.tsx';
import { Section } from '../ui/page.tsx';
import { Properties } from '../ui/properties.tsx';
import { Time } from '../ui/time.tsx';

type Receipt = z.output<typeof rangeReceipt>;
type Props = { readonly receipt: Receipt };

/** Every delivery is in one state: what was made is what became of it. */
export function Sum({ receipt }: Props) {
  const text = useText();
  const intl = useIntl();
  const duration = useDuration();
  const { zone, browserZone } = usePreferences();
  const { accepted, deliveries, messages, timeToDeliveryMs: times, oldestUndeliveredAt } = receipt;
  const closes = DELIVERY_STATES.reduce((sum, state) => sum + deliveries[state], 0) === accepted;
  const time = (ms: number | null) => (ms === null ? '–' : duration(ms));
  return (
    <>
      <Section title={text('receipt.sum')}>
        <Figures
          items={[
            {
              id: 'messages',
              name: text('receipt.messages', { count: messages }),
              value: intl.formatNumber(messages),
            },
            {
              id: 'accepted',
              name: text('receipt.deliveries', { count: accepted }),
              value: intl.formatNumber(accepted),
            },
            ...DELIVERY_STATES.map((state) => ({
              id: state,
              name: <DeliveryStateBadge state={state} />,
              value: intl.formatNumber(deliveries[state]),
            })),
          ]}
        />
        <p className={closes ? 'note note-good' : 'note note-bad'}>
          {text(closes ? 'receipt.closes' : 'receipt.open')}
        </p>
        {Date.parse(receipt.to) > Date.now() && <p className="note">{text('receipt.running')}</p>}
        {!receipt.complete && <p className="note note-wait">{text('receipt.incomplete')}</p>}
      </Section>
      <Properties
        items={[
          { name: text('topic.one'), value: <TopicName id={receipt.topicId} /> },
          {
            name: text('grant.reader'),
            value:
              receipt.partnerId === null ? (
                text('receipt.allReaders')
              ) : (
                <PartnerName id={receipt.partnerId} />
              ),
          },
          { name: text('shell.zone'), value: zone ?? browserZone },
          { name: text('ui.from'), value: <Time at={receipt.from} /> },
          { name: text('receipt.before'), value: <Time at={receipt.to} /> },
          { name: text('receipt.median'), value: time(times.median) },
          { name: text('receipt.p95'), value: time(times.p95) },
          { name: text('receipt.p99'), value: time(times.p99) },
          {
            name: text('receipt.first'),
            value: intl.formatNumber(receipt.deliveredAtFirstAttempt),
          },
          {
            name: text('receipt.oldest'),
            value:
              oldestUndeliveredAt === null ? text('receipt.nothingWaits') : <Time at={oldestUndeliveredAt} />,
          },
        ]}
      />
    </>
  );
}
