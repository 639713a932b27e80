import { hasArrived } from './attempt-result.ts';
import { numbered } from './numbered.ts';

/** One piece of a delivery's life, in milliseconds from its acceptance. */
export type Segment =
  | { readonly kind: 'wait'; readonly fromMs: number; readonly toMs: number }
  | {
      readonly kind: 'attempt';
      readonly n: number;
      readonly fromMs: number;
      readonly toMs: number;
      readonly succeeded: boolean;
    }
  | { readonly kind: 'next'; readonly fromMs: number; readonly toMs: number };

export type Told = {
  readonly acceptedAt: string;
  readonly nextAttemptAt: string | null;
  readonly attempts: readonly {
    readonly n: number;
    readonly at: string;
    readonly durationMs: number;
    readonly status: number | null;
    readonly errorClass: string | null;
  }[];
};

/** From acceptance on: waits, attempts, and what is to come. */
export function segmentsOf({ acceptedAt, nextAttemptAt, attempts }: Told): readonly Segment[] {
  const start = Date.parse(acceptedAt);
  const segments: Segment[] = [];
  let at = 0;
  for (const attempt of numbered(attempts)) {
    const { place: n, at: begun, durationMs } = attempt;
    const fromMs = Math.max(Date.parse(begun) - start, at);
    if (fromMs > at) segments.push({ kind: 'wait', fromMs: at, toMs: fromMs });
    at = fromMs + durationMs;
    segments.push({ kind: 'attempt', n, fromMs, toMs: at, succeeded: hasArrived(attempt) });
  }
  if (nextAttemptAt !== null) {
    segments.push({ kind: 'next', fromMs: at, toMs: Math.max(Date.parse(nextAttemptAt) - start, at) });
  }
  return segments;
}

export type Placed = Segment & { readonly x: number; readonly width: number };

/** Hours of waiting beside milliseconds of a request: every piece is seen, the longer the wider. */
const SMALLEST = 0.05;

/** Where each piece is drawn, of a whole of 1. */
export function place(segments: readonly Segment[]): readonly Placed[] {
  const weights = segments.map(({ fromMs, toMs }) => Math.log10(10 + Math.max(toMs - fromMs, 0)));
  const sum = weights.reduce((total, weight) => total + weight, 0) || 1;
  const shares = weights.map((weight) => Math.max(weight / sum, SMALLEST));
  const total = shares.reduce((all, share) => all + share, 0);
  let x = 0;
  return segments.map((segment, index) => {
    const width = (shares[index] ?? 0) / total;
    const placed = { ...segment, x, width };
    x += width;
    return placed;
  });
}
