import { Link, Outlet, useRouter, useRouterState, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { Outage } from '../connection/outage.tsx';
import { useConnection } from '../connection/use-connection.ts';
import { usePreferences } from '../i18n/preferences.tsx';
import { useText } from '../i18n/use-text.ts';
import { useShortcuts } from '../keyboard/use-shortcuts.ts';
import { Palette } from '../palette/palette.tsx';
import { NotForRolePage } from '../routes/not-for-role.tsx';
import { useSession } from '../session/session-context.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icons.tsx';
import { Mark } from '../ui/mark.tsx';
import { loadDateTimeInput } from '../ui/time-field.tsx';
import { TrailProvider, useTrail } from '../ui/trail.tsx';
import { CopyLink } from './copy-link.tsx';
import { isPageOf, menuOf } from './menu.ts';
import { preloadPages } from './preload-pages.ts';
import { Sidebar } from './sidebar.tsx';
import { LanguageSwitch, ThemeSwitch, ZoneSwitch } from './switches.tsx';

const loadSheet = () => import('../keyboard/sheet.tsx');
const loadDock = () => import('../live/dock.tsx');
const Sheet = lazy(async () => ({ default: (await loadSheet()).Sheet }));
const Dock = lazy(async () => ({ default: (await loadDock()).Dock }));

const SAID_MS = 4000;
type Open = 'palette' | 'sheet' | undefined;

/** Around every page: where one is, whose eyes one sees with, in which zone and language. */
export function Shell() {
  const text = useText();
  const connection = useConnection();
  const { trail, onClickCapture } = useTrail();
  const { tail, isTailOpen, toggleTail } = useTail();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [open, setOpen] = useState<Open>();
  const [copied, say] = useSaid();
  const { zone } = useSearch({ strict: false });
  const { showZone } = usePreferences();
  useEffect(() => showZone(zone), [showZone, zone]);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: who has chosen a page wants to see it
  useEffect(() => setMenuOpen(false), [path]);
  usePreloaded();
  useKeys({ goToNeighbour: trail.go, setOpen, toggleTail, say });
  const close = () => setOpen(undefined);
  return (
    <div className="shell" data-stale={connection.kind === 'away' || undefined}>
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
        <button type="button" className="search-button" onClick={() => setOpen('palette')}>
          <Icon name="search" />
          <span>{text('shell.search')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <div className="topbar-end">
          <CopyLink />
          {tail && (
            <IconButton
              icon="tail"
              label={text('live.dock')}
              keys="t"
              expanded={isTailOpen}
              onPress={toggleTail}
            />
          )}
          <IconButton icon="keyboard" label={text('keyboard.title')} onPress={() => setOpen('sheet')} />
          <ZoneSwitch />
          <ThemeSwitch />
          <LanguageSwitch />
        </div>
      </header>
      <Sidebar isOpen={isMenuOpen} />
      <TrailProvider value={trail}>
        <main id="main" tabIndex={-1} onClickCapture={onClickCapture}>
          <Outage connection={connection} />
          <PageOfRole />
          <Printed />
        </main>
      </TrailProvider>
      <p className="toast" role="status" data-shown={copied !== undefined || undefined}>
        {copied !== undefined && text('keyboard.copied', { id: copied })}
      </p>
      <Palette
        isOpen={open === 'palette'}
        onClose={close}
        openSheet={() => setOpen('sheet')}
        toggleTail={toggleTail}
      />
      <Suspense>
        {isTailOpen && <Dock onClose={toggleTail} />}
        {open === 'sheet' && <Sheet isOpen onClose={close} />}
      </Suspense>
    </div>
  );
}

function PageOfRole() {
  const { role } = useSession();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return isPageOf(role, path) ? <Outlet /> : <NotForRolePage />;
}

/** On paper: where it is from, and whose clocks its times are of. */
function Printed() {
  const { zone, browserZone } = usePreferences();
  const href = useRouterState({ select: ({ location }) => location.href });
  return <p className="printed">{`${location.origin}/console${href} · ${zone ?? browserZone}`}</p>;
}

/** The live tail: companies have one, and its own page is one. */
function useTail() {
  const { partnerId } = useSession();
  const isLivePage = useRouterState({ select: ({ location }) => location.pathname === '/live' });
  const [isWanted, setWanted] = useState(false);
  const toggleTail = useCallback(() => setWanted((before) => !before), []);
  const tail = partnerId !== null && !isLivePage;
  return { tail, isTailOpen: isWanted && tail, toggleTail };
}

/** What was done by a key, for a moment. */
function useSaid() {
  const [said, say] = useState<string>();
  useEffect(() => {
    if (said === undefined) return;
    const timer = setTimeout(() => say(undefined), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  return [said, say] as const;
}

/** Whatever may be opened is there before the api or the network goes away. */
function usePreloaded(): void {
  const router = useRouter();
  useEffect(() => preloadPages(router, [loadSheet, loadDock, loadDateTimeInput]), [router]);
}

type KeysOptions = {
  readonly goToNeighbour: (step: 1 | -1) => void;
  readonly setOpen: (open: Open) => void;
  readonly toggleTail: () => void;
  readonly say: (id: string) => void;
};

function useKeys({ goToNeighbour, setOpen, toggleTail, say }: KeysOptions): void {
  const router = useRouter();
  const { role } = useSession();
  const { letters } = usePreferences();
  useShortcuts(
    useMemo(
      () => ({
        letters,
        goToNeighbour,
        toggleTail,
        copied: say,
        openPalette: () => setOpen('palette'),
        openSheet: () => setOpen('sheet'),
        goTo(letter) {
          const item = menuOf(role)
            .flatMap(({ items }) => items)
            .find((one) => one.letter === letter);
          if (item !== undefined) void router.navigate({ to: item.to });
        },
      }),
      [letters, goToNeighbour, toggleTail, say, setOpen, role, router],
    ),
  );
}
