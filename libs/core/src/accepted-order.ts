/** Above it the order is that of the ids: so many fit between two milliseconds of a double, for centuries. */
const MAX = 1023;

/**
 * Numbers what one process accepts within a millisecond: 0, 1, 2, … Ids do not count up, for whoever sees some of them
 * could then tell how many others there are; this number says the order instead, and is shown to nobody.
 */
export function createAcceptedOrder(): (nowMs: number) => number {
  let lastMs = -1;
  let last = 0;
  return (nowMs) => {
    last = nowMs === lastMs ? Math.min(last + 1, MAX) : 0;
    lastMs = nowMs;
    return last;
  };
}

/** When something was accepted, in milliseconds with the order within them: what is sorted by it keeps that order. */
export function orderedAtMs(atMs: number, order: number | undefined): number {
  return atMs + (order ?? 0) / (MAX + 1);
}
