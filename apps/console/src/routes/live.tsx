import { getRouteApi } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useText } from '../i18n/use-text.ts';
import { Happenings } from '../live/happenings.tsx';
import { LiveControls, LiveNotes } from '../live/live-bar.tsx';
import { isStreamKind, LiveFilters } from '../live/live-filters.tsx';
import { useLive } from '../live/use-live.ts';
import { Empty } from '../ui/empty.tsx';
import { Page } from '../ui/page.tsx';

const route = getRouteApi('/live');
const SHOWN = 100;
/** Who has gone down so far reads something: it is held still for him. */
const READING_PX = 200;

/** What happens, as it happens: ids, times and states, no content. */
export function LivePage() {
  const text = useText();
  const { topic, kind } = route.useSearch();
  const navigate = route.useNavigate();
  const filter = { topic, kind: isStreamKind(kind) ? kind : undefined };
  const live = useLive(filter);
  useEffect(() => {
    const look = () => window.scrollY > READING_PX && live.hold();
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  });
  return (
    <Page title={text('menu.live')} lead={text('live.lead')} actions={<LiveControls live={live} />}>
      <LiveFilters filter={filter} onChange={(search) => void navigate({ search })} />
      <LiveNotes stream={live.stream} />
      {live.shown.length === 0 ? (
        <Empty icon="tail" title={text('live.none')} hint={text('live.noneHint')} />
      ) : (
        <Happenings happenings={live.shown.slice(0, SHOWN)} />
      )}
    </Page>
  );
}
