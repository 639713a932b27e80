import { isAnyId } from '@anika/core/ids';

/** What shortcuts find on the page: rows, the buttons that say which key presses them, filters. */
const ROWS = 'main :is(.table tbody > tr, li[data-row])';
const FILTERS =
  'main search input, main .list-filters :is(input, select), main .filter-fields :is(input, select)';

export function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
}

function focusedRow(): HTMLElement | null {
  return document.activeElement?.closest<HTMLElement>(ROWS) ?? null;
}

/** To the next row of the lists of the page, or to the one before. */
export function moveToRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(ROWS)];
  const row = focusedRow();
  const at = row === null ? (step === 1 ? -1 : rows.length) : rows.indexOf(row);
  const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: 'nearest' });
}

/** The page of the row that has the focus itself; a link within it opens as links do. */
export function openRow(): boolean {
  const row = focusedRow();
  if (row === null || row !== document.activeElement) return false;
  const link = row.querySelector<HTMLElement>('a[href]');
  link?.click();
  return link !== null;
}

export function selectRow(): void {
  focusedRow()?.querySelector<HTMLElement>('input[data-selects]')?.click();
}

/**
 * Presses the first button that says it belongs to this key: of the row that has the focus, or of the page. Where that
 * one wants something chosen and nothing is, it is the row.
 */
export function pressButtonOf(letter: string): void {
  const marked = `[aria-keyshortcuts="${letter}"]`;
  const row = focusedRow();
  if (row !== null && document.querySelector('main input[data-selects]:checked') === null) selectRow();
  // Once the page knows what is chosen.
  requestAnimationFrame(() => {
    const button =
      row?.querySelector<HTMLElement>(marked) ?? document.querySelector<HTMLElement>(`main ${marked}`);
    button?.click();
  });
}

export function focusFilter(): boolean {
  const field = document.querySelector<HTMLElement>(FILTERS);
  field?.focus();
  return field !== null;
}

/** Of the row that has the focus, or of the page: the last id in its address. */
export function idHere(pathname: string): string | undefined {
  const ofRow = focusedRow()?.dataset.key;
  if (ofRow !== undefined && isAnyId(ofRow)) return ofRow;
  return pathname.split('/').findLast(isAnyId);
}
