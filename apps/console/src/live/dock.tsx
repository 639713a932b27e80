import { type UIEvent, useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { IconButton } from '../ui/button.tsx';
import { LinkButton } from '../ui/link-button.tsx';
import { Happenings } from './happenings.tsx';
import { LiveControls, LiveNotes } from './live-bar.tsx';
import { LiveFilters } from './live-filters.tsx';
import { type LiveFilter, useLive } from './use-live.ts';

const SHOWN = 60;
/** Who has gone down so far reads something: it is held still for him. */
const READING_PX = 24;

/** The live tail at the bottom of any page. */
export function Dock({ onClose }: { readonly onClose: () => void }) {
  const text = useText();
  const [filter, setFilter] = useState<LiveFilter>({});
  const live = useLive(filter);
  function onScroll({ currentTarget }: UIEvent<HTMLElement>) {
    if (currentTarget.scrollTop > READING_PX) live.hold();
  }
  return (
    <aside className="dock" aria-label={text('live.dock')}>
      <header className="dock-head">
        <LiveFilters filter={filter} onChange={setFilter} />
        <span className="page-actions">
          <LiveControls live={live} />
          <LinkButton to="/live" search={{ ...filter }} kind="quiet">
            {text('live.open')}
          </LinkButton>
          <IconButton icon="close" label={text('live.close')} keys="t" onPress={onClose} />
        </span>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="dock-rows" aria-label={text('menu.live')} tabIndex={0} onScroll={onScroll}>
        <LiveNotes stream={live.stream} />
        {live.shown.length === 0 ? (
          <p className="dock-none">{text('live.none')}</p>
        ) : (
          <Happenings happenings={live.shown.slice(0, SHOWN)} />
        )}
      </section>
    </aside>
  );
}
