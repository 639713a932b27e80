import { floorTo, KEPT_MS, RANGE_MAX_MS, STEP_MS, STEPS, type Step } from '@anika/core/stats/figures';

const { hour: HOUR, day: DAY } = STEP_MS;
/** Times up to now that can be chosen by name. */
export const LAST_MS = {
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': DAY,
  '7d': 7 * DAY,
  '30d': 30 * DAY,
  '1y': 365 * DAY,
} as const;
export type Last = keyof typeof LAST_MS;
export const LASTS: readonly Last[] = ['1h', '6h', '24h', '7d', '30d', '1y'];

/** Of which time figures are shown: one that goes along with the clock, or one that stands. */
export type Range =
  | { readonly kind: 'last'; readonly last: Last }
  | { readonly kind: 'between'; readonly fromMs: number; readonly toMs: number };

/** As it stands in the address. */
export type RangeSearch = {
  readonly range?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

export const USUAL: Last = '1h';

export function isLast(text: string | undefined): text is Last {
  return LASTS.some((last) => last === text);
}

/** The usual one where the address names none, or one that cannot be asked for. */
export function rangeOf({ range, from, to }: RangeSearch): Range {
  const [fromMs, toMs] = [Date.parse(from ?? ''), Date.parse(to ?? '')];
  if (fromMs < toMs && toMs - fromMs <= RANGE_MAX_MS.day) return { kind: 'between', fromMs, toMs };
  return { kind: 'last', last: isLast(range) ? range : USUAL };
}

/** The usual range needs no words in the address. */
export function searchOf(range: Range): RangeSearch {
  if (range.kind === 'last') {
    return { range: range.last === USUAL ? undefined : range.last, from: undefined, to: undefined };
  }
  return {
    range: undefined,
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
  };
}

export type Span = { readonly fromMs: number; readonly toMs: number; readonly step: Step };

/** The finest step in which a time can be asked for. */
function stepFor(fromMs: number, toMs: number, nowMs: number): Step {
  const fits = (step: Step) => toMs - fromMs <= RANGE_MAX_MS[step] && fromMs >= nowMs - KEPT_MS[step];
  return STEPS.find(fits) ?? 'day';
}

/** In whole steps; the present one, which has not ended, is the last of those that go along with the clock. */
export function spanOf(range: Range, nowMs: number): Span {
  if (range.kind === 'between') {
    const step = stepFor(range.fromMs, range.toMs, nowMs);
    const toMs = floorTo(step, range.toMs - 1) + STEP_MS[step];
    const fromMs = Math.max(floorTo(step, range.fromMs), toMs - RANGE_MAX_MS[step]);
    return { fromMs, toMs, step };
  }
  const lengthMs = LAST_MS[range.last];
  const step = stepFor(nowMs - lengthMs, nowMs, nowMs);
  const toMs = floorTo(step, nowMs) + STEP_MS[step];
  return { fromMs: toMs - lengthMs, toMs, step };
}

/** Of a copied link: what was seen when it was copied. */
export function standing(search: RangeSearch, nowMs: number): RangeSearch {
  const range = rangeOf(search);
  if (range.kind === 'between') return searchOf(range);
  const { fromMs, toMs } = spanOf(range, nowMs);
  return searchOf({ kind: 'between', fromMs, toMs });
}

/** Figures of the present minute and the two before may still grow. */
const GROWS_MS = 2 * STEP_MS.minute;

/** From when on the figures of a span may still grow. */
export function growsFromMs({ step }: Pick<Span, 'step'>, nowMs: number): number {
  return floorTo(step, nowMs - GROWS_MS);
}

/** What was drawn over, in whole steps and never less than two. */
export function zoomed(step: Step, fromMs: number, toMs: number): Range {
  const from = floorTo(step, fromMs);
  const to = floorTo(step, toMs) + STEP_MS[step];
  return { kind: 'between', fromMs: from, toMs: Math.max(to, from + 2 * STEP_MS[step]) };
}
