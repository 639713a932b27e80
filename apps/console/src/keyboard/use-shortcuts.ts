import { useLayoutEffect, useRef } from 'react';
import { isWriting, letterOf } from './letter.ts';
import {
  focusFilter,
  idHere,
  isDialogOpen,
  moveToRow,
  openRow,
  pressButtonOf,
  selectRow,
} from './on-page.ts';

/** So long after `g` a letter names a page. */
const PAGE_WITHIN_MS = 1500;
/** Times of events begin with the page. */
const NEVER = Number.NEGATIVE_INFINITY;

export type Shortcuts = {
  /** Whether single letters count (WCAG 2.1.4: they can be switched off). */
  readonly letters: boolean;
  readonly openPalette: () => void;
  readonly openSheet: () => void;
  readonly toggleTail: () => void;
  /** False where no page has that letter. */
  readonly goTo: (letter: string) => void;
  readonly goToNeighbour: (step: 1 | -1) => void;
  readonly copied: (id: string) => void;
};

/** Keys of the whole page, while nothing is written and no dialog is open. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const goAtMs = useRef(NEVER);
  // Before the page is seen: whoever sees it may press at once.
  useLayoutEffect(() => {
    function press(event: KeyboardEvent): void {
      const letter = letterOf(event);
      if (letter === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        event.preventDefault();
        shortcuts.openPalette();
        return;
      }
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (isWriting(event.target) || isDialogOpen()) return;
      if (event.key === 'Enter') {
        if (openRow()) event.preventDefault();
        return;
      }
      if (!shortcuts.letters) return;
      const isPage = event.timeStamp - goAtMs.current < PAGE_WITHIN_MS;
      goAtMs.current = letter === 'g' && !isPage ? event.timeStamp : NEVER;
      if (isPage) {
        event.preventDefault();
        shortcuts.goTo(letter);
        return;
      }
      const act = ACTS[letter];
      if (act === undefined) return;
      event.preventDefault();
      act(shortcuts);
    }
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [shortcuts]);
}

const ACTS: Readonly<Record<string, (shortcuts: Shortcuts) => void>> = {
  j: () => moveToRow(1),
  k: () => moveToRow(-1),
  x: () => selectRow(),
  r: () => pressButtonOf('r'),
  '[': ({ goToNeighbour }) => goToNeighbour(-1),
  ']': ({ goToNeighbour }) => goToNeighbour(1),
  y: ({ copied }) => copyId(copied),
  t: ({ toggleTail }) => toggleTail(),
  '/': () => void focusFilter(),
  '?': ({ openSheet }) => openSheet(),
};

function copyId(copied: (id: string) => void): void {
  const id = idHere(location.pathname);
  if (id !== undefined) void navigator.clipboard.writeText(id).then(() => copied(id));
}
