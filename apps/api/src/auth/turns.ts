import { Failure } from '@anika/core/failures';
import pLimit, { type LimitFunction } from 'p-limit';

export type Turns = <T>(who: string, work: () => Promise<T>) => Promise<T>;

/** Some at once for each `who`, the others in order; one too many waiting is `rate-limited`, for a second. */
export function createTurns({ atOnce, maxWaiting }: { atOnce: number; maxWaiting: number }): Turns {
  const lines = new Map<string, { readonly limit: LimitFunction; inside: number }>();

  return async (who, work) => {
    const line = lines.get(who) ?? { limit: pLimit(atOnce), inside: 0 };
    if (line.inside >= atOnce + maxWaiting) {
      throw new Failure('rate-limited', 'Too many at once; try again in 1 s', { retryAfterSeconds: 1 });
    }
    lines.set(who, line);
    line.inside += 1;
    try {
      return await line.limit(work);
    } finally {
      line.inside -= 1;
      if (line.inside === 0) lines.delete(who);
    }
  };
}
