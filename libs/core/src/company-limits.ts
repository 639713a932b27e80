/** How many of each a company may have at once. */
export type CompanyLimits = {
  readonly keys: number;
  readonly users: number;
  readonly topics: number;
  /** That it has given on its topics. */
  readonly grants: number;
  readonly subscriptions: number;
};

export const DEFAULT_LIMITS: CompanyLimits = {
  keys: 500,
  users: 1000,
  topics: 1000,
  grants: 10_000,
  subscriptions: 2000,
};
