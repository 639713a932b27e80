/** One line of a chart. */
export type Series = {
  readonly id: string;
  readonly label: string;
  /** Which of the colours of states it has, and how it is drawn beside that, so that no colour has to be told apart. */
  readonly tone: 'busy' | 'good' | 'wait' | 'bad';
  readonly dash?: readonly number[];
  /** One for each time; null: there is none. */
  readonly values: readonly (number | null)[];
  /** What stands beside its name while no time is looked at. */
  readonly whole?: string;
};

/** Places of values with nothing on either side: a line alone would not show them. */
export function loneIndexes(values: ArrayLike<number | null | undefined>): number[] {
  const known = (index: number) => values[index] !== null && values[index] !== undefined;
  return Array.from({ length: values.length }, (_, index) => index).filter(
    (index) => known(index) && !known(index - 1) && !known(index + 1),
  );
}

/** Counts without what lies flat on the ground: where nothing is before, here and after, no line is drawn. */
export function raised(values: readonly (number | null)[]): (number | null)[] {
  const isFlat = (value: number | null | undefined) => value === 0 || value === null || value === undefined;
  return values.map((value, index) => {
    const around = [values[index - 1], value, values[index + 1]];
    return around.every(isFlat) ? null : value;
  });
}
