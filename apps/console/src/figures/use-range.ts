import { useNavigate, useSearch } from '@tanstack/react-router';
import { type Range, rangeOf, searchOf, spanOf } from './range.ts';

/** The time that a page is about; it stands in the address. */
export function useRange(): readonly [Range, (range: Range) => void] {
  const { range, from, to } = useSearch({ strict: false });
  const navigate = useNavigate();
  const change = (next: Range) =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...searchOf(next) }), resetScroll: false });
  return [rangeOf({ range, from, to }), change];
}

/** The same time as lists are asked for it. */
export function useListedTime(): { readonly from: string; readonly to: string } {
  const [range] = useRange();
  const { fromMs, toMs } = spanOf(range, Date.now());
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
