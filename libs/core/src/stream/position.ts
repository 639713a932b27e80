/**
 * A place in the history of what was stored: a logical time of the store, and which change of that time. Places of one
 * installation are ordered; what is read again from one comes in the same order.
 */
export type Position = { readonly seconds: number; readonly increment: number; readonly nth: number };

const MAX_UINT32 = 0xffff_ffff;
const MAX_NTH = 999_999;

/** After every change of a time. */
export function endOf(time: Omit<Position, 'nth'>): Position {
  return { seconds: time.seconds, increment: time.increment, nth: MAX_NTH };
}

/** Negative, zero or positive, as the first comes before, is, or comes after the second. */
export function comparePositions(a: Position, b: Position): number {
  return a.seconds - b.seconds || a.increment - b.increment || a.nth - b.nth;
}

export function laterOf(a: Position, b: Position): Position {
  return comparePositions(a, b) >= 0 ? a : b;
}

/** As the `id` of an event: it tells when something happened, and nothing of what. */
export function formatPosition({ seconds, increment, nth }: Position): string {
  return `${seconds}.${increment}.${nth}`;
}

/** Undefined for what `formatPosition` does not write. */
export function parsePosition(text: string): Position | undefined {
  const [seconds, increment, nth] =
    /^(\d{1,10})\.(\d{1,10})\.(\d{1,6})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (seconds === undefined || increment === undefined || nth === undefined) return undefined;
  return seconds > MAX_UINT32 || increment > MAX_UINT32 ? undefined : { seconds, increment, nth };
}
