export type Numbered<A> = A & {
  /** Among all that are kept, the oldest first. */
  readonly place: number;
  /** The first one after the delivery was started anew, which the API counts from 1 again. */
  readonly anew: boolean;
};

/** Attempts as a page counts them: no two of a delivery have the same number. */
export function numbered<A extends { readonly n: number }>(attempts: readonly A[]): readonly Numbered<A>[] {
  const first = attempts[0]?.n ?? 1;
  return attempts.map((attempt, index) => {
    const before = attempts[index - 1];
    return { ...attempt, place: first + index, anew: before !== undefined && attempt.n <= before.n };
  });
}
