import type { PartnerId, SubscriptionId, TopicId } from '../ids.ts';
import { addHistograms, type Histogram, quantileOf } from './histogram.ts';

/** Whose figures. Both sides of a pair read the same ones. */
export type StatScope =
  | { readonly kind: 'installation' }
  | { readonly kind: 'topic'; readonly topicId: TopicId }
  | { readonly kind: 'pair'; readonly topicId: TopicId; readonly partnerId: PartnerId }
  | { readonly kind: 'subscription'; readonly subscriptionId: SubscriptionId };

export const STAT_SCOPES = ['topic', 'subscription', 'pair', 'installation'] as const;

/** What a store keeps them under; no two scopes have one. */
export function scopeKey(scope: StatScope): string {
  switch (scope.kind) {
    case 'installation':
      return 'all';
    case 'topic':
      return scope.topicId;
    case 'pair':
      return `${scope.topicId}/${scope.partnerId}`;
    case 'subscription':
      return scope.subscriptionId;
  }
}

export type Figures = {
  /** Messages, by the time of their acceptance: published, or meant for this reader or subscription. */
  readonly accepted: number;
  /** Deliveries, by the time of their ending. */
  readonly delivered: number;
  readonly dead: number;
  /** Attempts, by the time of their ending. */
  readonly failed: number;
  /** From acceptance to delivery, of what is delivered. */
  readonly times: Histogram;
};

export const NO_FIGURES: Figures = { accepted: 0, delivered: 0, dead: 0, failed: 0, times: new Map() };

export function addFigures(a: Figures, b: Figures): Figures {
  return {
    accepted: a.accepted + b.accepted,
    delivered: a.delivered + b.delivered,
    dead: a.dead + b.dead,
    failed: a.failed + b.failed,
    times: addHistograms(a.times, b.times),
  };
}

export const STEPS = ['minute', 'hour', 'day'] as const;
export type Step = (typeof STEPS)[number];

export const STEP_MS: Readonly<Record<Step, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

const DAYS = STEP_MS.day;
/** How far a question may reach. */
export const RANGE_MAX_MS: Readonly<Record<Step, number>> = {
  minute: DAYS,
  hour: 31 * DAYS,
  day: 366 * DAYS,
};
/** How long figures of a step are kept. */
export const KEPT_MS: Readonly<Record<Step, number>> = {
  minute: 7 * DAYS,
  hour: 92 * DAYS,
  day: 1100 * DAYS,
};

export function floorTo(step: Step, ms: number): number {
  return ms - (ms % STEP_MS[step]);
}

export type FiguresAt = Figures & { readonly atMs: number };

export type StatColumns = {
  readonly t: readonly number[];
  readonly accepted: readonly number[];
  readonly delivered: readonly number[];
  readonly failed: readonly number[];
  readonly dead: readonly number[];
  readonly p50: readonly (number | null)[];
  readonly p95: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
};

/** A row for each step of the time, also where nothing happened. */
export function toColumns(
  found: readonly FiguresAt[],
  { fromMs, toMs, step }: { readonly fromMs: number; readonly toMs: number; readonly step: Step },
): StatColumns {
  const rows = new Map<number, Figures>();
  for (const one of found) {
    const atMs = floorTo(step, one.atMs);
    rows.set(atMs, addFigures(rows.get(atMs) ?? NO_FIGURES, one));
  }
  const t: number[] = [];
  for (let atMs = floorTo(step, fromMs); atMs < toMs; atMs += STEP_MS[step]) t.push(atMs);
  const column = <V>(read: (figures: Figures) => V) => t.map((atMs) => read(rows.get(atMs) ?? NO_FIGURES));
  const quantile = (part: number) => column(({ times }) => quantileOf(times, part) ?? null);
  return {
    t,
    accepted: column(({ accepted }) => accepted),
    delivered: column(({ delivered }) => delivered),
    failed: column(({ failed }) => failed),
    dead: column(({ dead }) => dead),
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
  };
}
