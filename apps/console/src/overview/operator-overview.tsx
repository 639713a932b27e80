import { listPartners } from '@anika/contracts/partners';
import { useQuery } from '@tanstack/react-query';
import { useIntl } from 'react-intl';
import { REFRESH_MS, useList } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Figure } from '../receipts/sum.tsx';
import { Badge } from '../ui/badge.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { Page, Section } from '../ui/page.tsx';

/** Whether the stores answer, as the process in front says. */
async function readiness(): Promise<boolean> {
  const answer = await fetch('/readyz', { signal: AbortSignal.timeout(REFRESH_MS) });
  await answer.text();
  return answer.ok;
}

export function OperatorOverview() {
  const text = useText();
  const intl = useIntl();
  const partners = useList(listPartners, { query: { limit: 200 } });
  const ready = useQuery({
    queryKey: ['readyz'],
    queryFn: readiness,
    refetchInterval: REFRESH_MS,
    retry: false,
  });
  const suspended = partners.items.filter(({ status }) => status === 'suspended').length;
  const isReady = ready.data === true && !ready.isError;
  return (
    <Page
      title={text('menu.installation')}
      lead={text('operator.lead')}
      actions={
        <LinkButton to="/partners" kind="primary" icon="plus">
          {text('partners.invite')}
        </LinkButton>
      }
    >
      <Section title={text('operator.now')}>
        <p>
          <Badge
            tone={isReady ? 'good' : 'bad'}
            icon={isReady ? 'disc' : 'cross'}
            word={text(isReady ? 'operator.ready' : 'operator.notReady')}
          />
        </p>
        <div className="figures">
          <Figure name={text('operator.companies')} value={intl.formatNumber(partners.items.length)} />
          <Figure name={text('operator.suspended')} value={intl.formatNumber(suspended)} />
        </div>
      </Section>
    </Page>
  );
}
