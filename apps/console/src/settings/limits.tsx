import { LIMIT_KINDS } from '@anika/core/company-limits';
import { useIntl } from 'react-intl';
import { useDuration } from '../i18n/use-duration.ts';
import { useText } from '../i18n/use-text.ts';
import { Id } from '../ui/id.tsx';
import { Section } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Properties } from '../ui/properties.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { type Meta, useMeta } from './use-meta.ts';

const RATES = [
  'publishPerSecond',
  'readPerSecond',
  'managePerSecond',
  'searches',
  'streams',
  'subscriptionsPerTopic',
] as const;
const KIBIBYTE = 1024;

/** What this installation allows, and how it sends. */
export function Limits() {
  const { data, error, refresh } = useMeta();
  if (data === undefined) return error === null ? <Waiting /> : <Problem problem={error} onRetry={refresh} />;
  return (
    <>
      <Counts limits={data.limits} />
      <Sending meta={data} />
    </>
  );
}

function Counts({ limits }: Pick<Meta, 'limits'>) {
  const text = useText();
  const { formatNumber } = useIntl();
  return (
    <>
      <Section title={text('limits.company')} lead={text('limits.companyLead')}>
        <Properties
          items={LIMIT_KINDS.map((kind) => ({
            name: text(`limits.${kind}`),
            value: formatNumber(limits.company[kind]),
          }))}
        />
      </Section>
      <Section title={text('limits.rates')}>
        <Properties
          items={[
            {
              name: text('limits.messageBytes'),
              value: text('limits.kib', { count: formatNumber(limits.messageBytes / KIBIBYTE) }),
            },
            ...RATES.map((name) => ({ name: text(`limits.${name}`), value: formatNumber(limits[name]) })),
          ]}
        />
      </Section>
    </>
  );
}

function Sending({ meta: { version, retrySchedule, egressAddresses } }: { readonly meta: Meta }) {
  const text = useText();
  const duration = useDuration();
  const schedule = retrySchedule?.map((seconds) => duration(seconds * 1000)).join(' · ');
  return (
    <Section title={text('limits.sending')}>
      <Properties
        items={[
          { name: text('limits.schedule'), value: schedule ?? text('limits.noDispatcher') },
          {
            name: text('limits.egress'),
            value:
              egressAddresses.length === 0
                ? text('limits.notSaid')
                : egressAddresses.map((one) => <Id key={one} value={one} />),
          },
          { name: text('limits.version'), value: version },
        ]}
      />
    </Section>
  );
}
