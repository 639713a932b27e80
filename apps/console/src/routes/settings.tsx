import { getRouteApi } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { useMay } from '../session/session-context.ts';
import { Keys } from '../settings/keys.tsx';
import { Limits } from '../settings/limits.tsx';
import { NoticeMail } from '../settings/notice-mail.tsx';
import { OwnAccount } from '../settings/own-account.tsx';
import { People } from '../settings/people.tsx';
import { Page } from '../ui/page.tsx';
import { currentTab, type Tab, Tabs } from '../ui/tabs.tsx';

const route = getRouteApi('/settings');
type TabName = 'account' | 'notices' | 'people' | 'keys' | 'limits';

export function SettingsPage() {
  const text = useText();
  const may = useMay();
  const { tab } = route.useSearch();
  const all: readonly (Tab<TabName> | false)[] = [
    { name: 'account', label: text('settings.account') },
    !may.operate && { name: 'notices', label: text('settings.notices') },
    may.administer && { name: 'people', label: text('settings.people') },
    may.administer && { name: 'keys', label: text('settings.keys') },
    { name: 'limits', label: text('limits.title') },
  ];
  const tabs = all.filter((one) => one !== false);
  const current = currentTab(tabs, tab);
  return (
    <Page title={text('menu.settings')}>
      <Tabs label={text('menu.settings')} tabs={tabs} current={current} />
      {current === 'account' && <OwnAccount />}
      {current === 'notices' && <NoticeMail />}
      {current === 'people' && <People />}
      {current === 'keys' && <Keys />}
      {current === 'limits' && <Limits />}
    </Page>
  );
}
