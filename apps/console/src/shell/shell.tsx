import { Link, Outlet, useRouterState, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { usePreferences } from '../i18n/preferences.tsx';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-context.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icons.tsx';
import { Mark } from '../ui/mark.tsx';
import { CopyLink } from './copy-link.tsx';
import { menuOf } from './menu.ts';
import { Palette } from './palette.tsx';
import { LanguageSwitch, ThemeSwitch, ZoneSwitch } from './switches.tsx';

/** Around every page: where one is, whose eyes one sees with, in which zone and language. */
export function Shell() {
  const text = useText();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const { zone } = useSearch({ strict: false });
  const { showZone } = usePreferences();
  useEffect(() => showZone(zone), [showZone, zone]);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // Who has chosen a page wants to see it. biome-ignore lint/correctness/useExhaustiveDependencies: the path is what it follows
  useEffect(() => setMenuOpen(false), [path]);
  useEffect(() => {
    function open(event: KeyboardEvent) {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setPaletteOpen(true);
    }
    window.addEventListener('keydown', open);
    return () => window.removeEventListener('keydown', open);
  }, []);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {text('shell.skip')}
      </a>
      <header className="topbar">
        <span className="topbar-menu">
          <IconButton
            icon={isMenuOpen ? 'close' : 'menu'}
            label={text('shell.menu')}
            expanded={isMenuOpen}
            onPress={() => setMenuOpen(!isMenuOpen)}
          />
        </span>
        <Link to="/" className="brand">
          <Mark /> ANIKA
        </Link>
        <button type="button" className="search-button" onClick={() => setPaletteOpen(true)}>
          <Icon name="search" />
          <span>{text('shell.search')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <div className="topbar-end">
          <CopyLink />
          <ZoneSwitch />
          <ThemeSwitch />
          <LanguageSwitch />
        </div>
      </header>
      <Sidebar isOpen={isMenuOpen} />
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <Palette isOpen={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
    </div>
  );
}

function Sidebar({ isOpen }: { readonly isOpen: boolean }) {
  const text = useText();
  const { role } = useSession();
  return (
    <nav className="sidebar" aria-label={text('shell.menu')} data-open={isOpen || undefined}>
      {menuOf(role).map((group) => (
        <div key={group.text} className="menu-group">
          <p className="menu-title">{text(group.text)}</p>
          <ul>
            {group.items.map(({ to, text: name, icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  className="menu-link"
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                >
                  <Icon name={icon} />
                  {text(name)}
                </Link>
              </li>
            ))}
            {role === 'operator' && group.text === 'menu.work' && (
              <li>
                <a className="menu-link" href="/admin/queues">
                  <Icon name="queues" />
                  {text('menu.queues')}
                  <Icon name="external" />
                </a>
              </li>
            )}
          </ul>
        </div>
      ))}
      <WhoAmI />
    </nav>
  );
}

function WhoAmI() {
  const text = useText();
  const { email, role, signOut } = useSession();
  return (
    <div className="who">
      <Icon name="person" />
      <span className="who-names">
        <span className="who-email" title={email ?? undefined}>
          {email}
        </span>
        <span className="who-role">{text(`role.${role}`)}</span>
      </span>
      <button type="button" className="link-button" onClick={() => void signOut()}>
        {text('shell.signOut')}
      </button>
    </div>
  );
}
