import type { stats } from '@anika/contracts/stats';
import type { StatScope } from '@anika/core/stats/figures';
import type { z } from 'zod';

export type Figures = z.output<NonNullable<typeof stats.success.schema>>;
export const COUNTS = ['accepted', 'delivered', 'failed', 'dead'] as const;
export type Count = (typeof COUNTS)[number];
export const TIMES = ['p50', 'p95', 'p99'] as const;
export type TimeColumn = (typeof TIMES)[number];

/** Whose figures, as the API is asked. */
export type FiguresOf = {
  readonly scope: StatScope['kind'];
  readonly id?: string;
  readonly partnerId?: string;
};

export type Sums = Readonly<Record<Count, number>>;

export function sumsOf(figures: Pick<Figures, Count>): Sums {
  const sum = (of: Count) => figures[of].reduce((before, count) => before + count, 0);
  return { accepted: sum('accepted'), delivered: sum('delivered'), failed: sum('failed'), dead: sum('dead') };
}

export function isNothing(sums: Sums): boolean {
  return COUNTS.every((count) => sums[count] === 0);
}

export type Peak = { readonly at: string; readonly value: number };

/** The step with the most of something; undefined where there was none. */
export function peakOf(t: readonly string[], values: readonly (number | null)[]): Peak | undefined {
  let peak: Peak | undefined;
  for (const [index, value] of values.entries()) {
    const at = t[index];
    if (at === undefined || value === null || value <= (peak?.value ?? 0)) continue;
    peak = { at, value };
  }
  return peak;
}

/** The last step in which something was delivered. */
export function newest(values: readonly (number | null)[]): number | undefined {
  return values.findLast((value) => value !== null) ?? undefined;
}

/** Between which two the values lie. */
export function bounds(values: readonly (number | null)[]): readonly [number, number] | undefined {
  const known = values.filter((value) => value !== null);
  const [first] = known;
  if (first === undefined) return undefined;
  return [known.reduce((a, b) => Math.min(a, b), first), known.reduce((a, b) => Math.max(a, b), first)];
}
