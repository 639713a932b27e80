import { receipts } from '@anika/contracts/receipts';
import { getRouteApi } from '@tanstack/react-router';
import { useOne } from '../api/use-api.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useText } from '../i18n/use-text.ts';
import { usePartners } from '../partners/partner-name.tsx';
import { CheckFile } from '../receipts/check-file.tsx';
import { isMonth, presentMonth, rangeOf } from '../receipts/month.ts';
import { MonthSelect } from '../receipts/month-select.tsx';
import { Signed } from '../receipts/signed.tsx';
import { Sum } from '../receipts/sum.tsx';
import { useSession } from '../session/session-context.ts';
import { useTopics } from '../topics/topic-name.tsx';
import { TopicSelect } from '../topics/topic-select.tsx';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';
import { Problem } from '../ui/problem.tsx';
import { Select } from '../ui/text-field.tsx';
import { Waiting } from '../ui/waiting.tsx';

const route = getRouteApi('/receipts');

/** What both companies can read of a month, and compare. */
export function ReceiptsPage() {
  const text = useText();
  const { topic, partner, month: given } = route.useSearch();
  const month = isMonth(given) ? given : presentMonth(Date.now());
  return (
    <Page title={text('menu.receipts')} lead={text('receipt.lead')}>
      <Chooser month={month} />
      {topic === undefined ? (
        <Empty icon="receipt" title={text('receipt.choose')} hint={text('receipt.chooseHint')} />
      ) : (
        <MonthReceipt topicId={topic} partnerId={partner} month={month} />
      )}
      <CheckFile />
    </Page>
  );
}

function Chooser({ month }: { readonly month: string }) {
  const text = useText();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { partnerId: own } = useSession();
  const owner = useTopics().get(search.topic ?? '')?.owner.id;
  const partners = [...usePartners()].filter(([id]) => id !== own);
  const set = (name: keyof typeof search) => (value: string) =>
    void navigate({ search: { ...search, [name]: value === '' ? undefined : value } });
  return (
    <div className="filter-fields is-roomy">
      <TopicSelect value={search.topic ?? ''} onChange={set('topic')} />
      {owner === own && own !== null && (
        <Select
          name="partner"
          label={text('grant.reader')}
          value={search.partner ?? ''}
          onChange={set('partner')}
          options={[
            { value: '', label: text('receipt.allReaders') },
            ...partners.map(([value, label]) => ({ value, label })),
          ]}
        />
      )}
      <MonthSelect value={month} onChange={set('month')} />
    </div>
  );
}

type Of = { readonly topicId: string; readonly partnerId: string | undefined; readonly month: string };

function MonthReceipt({ topicId, partnerId, month }: Of) {
  const { zone, browserZone } = usePreferences();
  const range = rangeOf(month, zone ?? browserZone);
  const query = { topicId, ...range, ...(partnerId !== undefined && { partnerId }) };
  const { data, text, error, refresh } = useOne(receipts, [{ query }]);
  if (data === undefined || text === undefined) {
    return error === null ? <Waiting /> : <Problem problem={error} onRetry={refresh} />;
  }
  return (
    <>
      <Sum receipt={data} />
      <Signed text={text} name={`anika-receipt-${topicId}-${month}`} />
    </>
  );
}
