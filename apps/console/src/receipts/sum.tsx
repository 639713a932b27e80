import type { receipts } from '@anika/contracts/messages';
import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { useIntl } from 'react-intl';
import type { z } from 'zod';
import { DeliveryStateBadge } from '../deliveries/delivery-state.tsx';
import { useDuration } from '../i18n/use-duration.ts';
import { useText } from '../i18n/use-text.ts';
import { Section } from '../ui/page.tsx';
import { Properties } from '../ui/properties.tsx';
import { Time } from '../ui/time.tsx';

type Receipt = z.output<NonNullable<typeof receipts.success.schema>>;
type Props = { readonly receipt: Receipt; readonly range: { readonly from: string; readonly to: string } };

/** Every delivery is in one state: what was made is what became of it. */
export function Sum({ receipt, range }: Props) {
  const text = useText();
  const intl = useIntl();
  const duration = useDuration();
  const { accepted, deliveries, timeToDeliveryMs: times, oldestUndeliveredAt } = receipt;
  const all = DELIVERY_STATES.reduce((sum, state) => sum + deliveries[state], 0);
  const time = (ms: number | null) => (ms === null ? '–' : duration(ms));
  return (
    <>
      <Section title={text('receipt.sum')}>
        <div className="figures">
          <Figure name={text('receipt.accepted')} value={intl.formatNumber(accepted)} />
          <Figure name={text('receipt.deliveries')} value={intl.formatNumber(all)} />
          {DELIVERY_STATES.map((state) => (
            <div key={state} className="figure">
              <span className="figure-value">{intl.formatNumber(deliveries[state])}</span>
              <span className="figure-name">
                <DeliveryStateBadge state={state} />
              </span>
            </div>
          ))}
        </div>
      </Section>
      <Properties
        items={[
          { name: text('ui.from'), value: <Time at={range.from} /> },
          { name: text('receipt.before'), value: <Time at={range.to} /> },
          { name: text('receipt.median'), value: time(times.median) },
          { name: text('receipt.p95'), value: time(times.p95) },
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

export function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="figure">
      <span className="figure-value">{value}</span>
      <span className="figure-name">{name}</span>
    </div>
  );
}
