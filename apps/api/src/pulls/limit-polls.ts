import { Failure } from '@anika/core/failures';
import type { PartnerId } from '@anika/core/ids';

/** So many pulls of one company are under way at once in this process; one more is told to come again. */
export function createLimitPolls(max: number) {
  const underWay = new Map<PartnerId, number>();
  return async <R>(partnerId: PartnerId, work: () => Promise<R>): Promise<R> => {
    const count = underWay.get(partnerId) ?? 0;
    if (count >= max) {
      const detail = `Your company has ${max} pulls under way, the most at once; try again when one has ended`;
      throw new Failure('rate-limited', detail, { retryAfterSeconds: 1 });
    }
    underWay.set(partnerId, count + 1);
    try {
      return await work();
    } finally {
      const left = (underWay.get(partnerId) ?? 1) - 1;
      if (left === 0) underWay.delete(partnerId);
      else underWay.set(partnerId, left);
    }
  };
}
