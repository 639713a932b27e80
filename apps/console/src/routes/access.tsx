import { listAccessRequests, listMyGrants } from '@anika/contracts/grants';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useList } from '../api/use-api.ts';
import { GivenGrants } from '../grants/given-grants.tsx';
import { GrantTable } from '../grants/grant-table.tsx';
import { Requests } from '../grants/requests.tsx';
import { useText } from '../i18n/use-text.ts';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';
import { currentTab, Tabs } from '../ui/tabs.tsx';

const route = getRouteApi('/access');

export function AccessPage() {
  const text = useText();
  const { tab } = route.useSearch();
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
      {current === 'given' && <GivenGrants />}
      {current === 'received' && <Received />}
      {(current === 'in' || current === 'out') && <Requests key={current} direction={current} />}
    </Page>
  );
}

function Received() {
  const text = useText();
  const list = useList(listMyGrants, { query: { limit: 50 } });
  return (
    <GrantTable
      list={list}
      who="topic"
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
