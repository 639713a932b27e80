import { listAccessRequests, listMyGrants } from '@anika/contracts/grants';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useList } from '../api/use-api.ts';
import { GivenGrants } from '../grants/given-grants.tsx';
import { GrantTable } from '../grants/grant-table.tsx';
import { Requests } from '../grants/requests.tsx';
import { useText } from '../i18n/use-text.ts';
import { usePartners } from '../partners/partner-name.tsx';
import { useTopics } from '../topics/topic-name.tsx';
import { Badge } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';
import { currentTab, Tabs } from '../ui/tabs.tsx';

const route = getRouteApi('/access');

export function AccessPage() {
  const text = useText();
  const { tab, partner } = route.useSearch();
  const waiting = useList(listAccessRequests, {
    query: { direction: 'in' as const, state: 'requested' as const, limit: 50 },
  });
  const tabs = [
    { name: 'given', label: text('access.given') },
    { name: 'received', label: text('access.received') },
    { name: 'in', label: text('access.in'), count: waiting.items.length },
    { name: 'out', label: text('access.out') },
  ] as const;
  const current = currentTab(tabs, tab);
  return (
    <Page title={text('menu.access')} lead={text('access.lead')}>
      <Tabs label={text('menu.access')} tabs={tabs} current={current} />
      {current === 'given' && <GivenGrants filters={<OfCompany />} partnerId={partner} />}
      {current === 'received' && <Received partnerId={partner} />}
      {(current === 'in' || current === 'out') && <Requests key={current} direction={current} />}
    </Page>
  );
}

/** That others are left out, and how they come back. */
function OfCompany() {
  const text = useText();
  const { tab, partner } = route.useSearch();
  const navigate = route.useNavigate();
  const name = usePartners().get(partner ?? '') ?? partner;
  if (name === undefined) return null;
  return (
    <>
      <Badge tone="busy" icon="partners" word={text('access.ofCompany', { name })} />
      <Button kind="quiet" onPress={() => void navigate({ search: { tab } })}>
        {text('ui.clear')}
      </Button>
    </>
  );
}

function Received({ partnerId }: { readonly partnerId: string | undefined }) {
  const text = useText();
  const topics = useTopics();
  const list = useList(listMyGrants, { query: { limit: 50 } });
  const items = list.items.filter(
    ({ topicId }) => partnerId === undefined || topics.get(topicId)?.owner.id === partnerId,
  );
  return (
    <GrantTable
      list={{ ...list, items }}
      who="topic"
      filters={<OfCompany />}
      empty={
        <Empty
          icon="access"
          title={text('access.noneReceived')}
          hint={text('access.noneReceivedHint')}
          action={<Link to="/catalogue">{text('menu.catalogue')}</Link>}
        />
      }
    />
  );
}
