import { Unavailable } from './unavailable.ts';

/** What became of one item of a group whose others went well. */
export class ItemError {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** A store that is away is away for every item: asking it again for each would only take longer. */
export function isEverybodys(error: unknown): boolean {
  return error instanceof Unavailable;
}

/**
 * Does work for a group. Should it fail for a reason that may be one member's, it is done again for each half, down to
 * the single item: the bad one fails alone, with about 2 log₂ n more rounds. What succeeded for some before the
 * failure is done twice, so work must be such that this does no harm. Never rejects; one outcome an item, in order.
 */
export async function splitOnFailure<T, R>(
  items: readonly T[],
  work: (items: readonly T[]) => Promise<readonly (R | ItemError)[]>,
): Promise<readonly (R | ItemError)[]> {
  try {
    const outcomes = await work(items);
    if (outcomes.length === items.length) return outcomes;
    throw new RangeError(`${items.length} items have ${outcomes.length} outcomes`);
  } catch (error) {
    if (items.length <= 1 || isEverybodys(error)) return items.map(() => new ItemError(error));
  }
  const middle = Math.ceil(items.length / 2);
  const first = await splitOnFailure(items.slice(0, middle), work);
  return [...first, ...(await splitOnFailure(items.slice(middle), work))];
}
