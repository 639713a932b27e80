/** How many of each a company may have at once. */
export type CompanyLimits = {
  readonly keys: number;
  readonly users: number;
  readonly topics: number;
  /** That it has given on its topics. */
  readonly grants: number;
  readonly subscriptions: number;
};

export const LIMIT_KINDS = [
  'keys',
  'users',
  'topics',
  'grants',
  'subscriptions',
] as const satisfies readonly (keyof CompanyLimits)[];
export type LimitKind = (typeof LIMIT_KINDS)[number];

/** What an operator has set for one company; the others are the installation's. */
export type OwnLimits = Readonly<Partial<Record<LimitKind, number>>>;

/** No member: as it is; null: the installation's again. */
export type LimitsPatch = Readonly<Partial<Record<LimitKind, number | null | undefined>>>;

export function changeLimits(before: OwnLimits, patch: LimitsPatch): OwnLimits {
  const changed = LIMIT_KINDS.flatMap((kind): [LimitKind, number][] => {
    const value = patch[kind] === undefined ? before[kind] : patch[kind];
    return value === undefined || value === null ? [] : [[kind, value]];
  });
  return Object.fromEntries(changed);
}

export const DEFAULT_LIMITS: CompanyLimits = {
  keys: 500,
  users: 1000,
  topics: 1000,
  grants: 10_000,
  subscriptions: 2000,
};
