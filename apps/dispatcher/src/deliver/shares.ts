/** A part of the places of a dispatcher. */
const COMPANY_PART = 1 / 4;
/** So much of them must be in use before shares count: what nobody else needs may be had. */
const SPARE_PART = 1 / 2;

export type Shares = {
  /** Counts work as under way until it ends. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** How many places all endpoints of one company may have together; 0 while there are places to spare. */
  ofCompany(): number;
};

/** The places of this dispatcher, and what one company may have of them: endpoints that hang must not hold them all. */
export function createShares(places: number): Shares {
  const share = Math.max(1, Math.floor(places * COMPANY_PART));
  let underWay = 0;
  return {
    async during(work) {
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
      }
    },
    ofCompany: () => (underWay <= places * SPARE_PART ? 0 : share),
  };
}
