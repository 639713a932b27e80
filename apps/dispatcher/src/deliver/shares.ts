/** A part of the places of a dispatcher. */
const COMPANY_PART = 1 / 4;
/** So much of them must be in use before shares count: what nobody else needs may be had. */
const SPARE_PART = 1 / 2;

/** A job that is added begins within this time, or others wait for the places as well. */
const BEGINS_WITHIN_MS = 1000;

export type Shares = {
  /** Counts work as under way until it ends. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** So many that waited were called just now: they are not under way yet, and their places are not to spare. */
  called(count: number): void;
  /** How many places all endpoints of one company may have together, and how many more are to spare. */
  ofCompany(): { readonly share: number; readonly spare: number };
};

/** The places of this dispatcher, and what one company may have of them: endpoints that hang must not hold them all. */
export function createShares(places: number, clock: { now(): number }): Shares {
  const share = Math.max(1, Math.floor(places * COMPANY_PART));
  let underWay = 0;
  let calls: { readonly count: number; readonly atMs: number }[] = [];

  function calledLately(): number {
    const sinceMs = clock.now() - BEGINS_WITHIN_MS;
    calls = calls.filter(({ atMs }) => atMs > sinceMs);
    return calls.reduce((sum, { count }) => sum + count, 0);
  }

  return {
    called(count) {
      if (count > 0) calls.push({ count, atMs: clock.now() });
    },
    async during(work) {
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
      }
    },
    ofCompany: () => ({
      share,
      spare: Math.max(0, Math.floor(places * SPARE_PART) - underWay - calledLately()),
    }),
  };
}
