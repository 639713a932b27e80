import { instantOf } from '../ui/moment.ts';

/** A month as `2026-11`. */
export function isMonth(text: string | undefined): text is string {
  return text !== undefined && /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text);
}

/** From its first moment in a zone up to the first one of the next month. */
export function rangeOf(month: string, zone: string): { readonly from: string; readonly to: string } {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  const first = (of: string) => instantOf(`${of}-01`, zone) ?? `${of}-01T00:00:00.000Z`;
  return { from: first(month), to: first(next) };
}

export function presentMonth(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 7);
}

/** So many months, the newest first. */
export function monthsUpTo(last: string, count: number): readonly string[] {
  const [year = 0, number = 1] = last.split('-').map(Number);
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(year, number - 1 - back)).toISOString().slice(0, 7),
  );
}

/** Those to choose from, the newest first, with the one that is chosen: a link may have one from before them. */
export function monthsWith(chosen: string, months: readonly string[]): readonly string[] {
  return [...new Set([chosen, ...months])].sort().reverse();
}

/** Of a copied link: the month that was seen when it was copied. */
export function standingMonth(
  { month }: { readonly month?: string | undefined },
  nowMs: number,
): { readonly month: string } {
  return { month: isMonth(month) ? month : presentMonth(nowMs) };
}
