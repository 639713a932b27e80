import { Failure } from '@anika/core/failures';
import type { PartnerId } from '@anika/core/ids';
import type { SearchMessages } from './search-messages.ts';

/** So many searches of one company are under way at once; one more is told to come again. */
export function limitSearches(search: SearchMessages, max: number): SearchMessages {
  const underWay = new Map<PartnerId, number>();
  return async (query, by) => {
    const count = underWay.get(by.partnerId) ?? 0;
    if (count >= max) {
      const detail = `Your company has ${max} searches under way, the most at once; try again when one has ended`;
      throw new Failure('rate-limited', detail, { retryAfterSeconds: 1 });
    }
    underWay.set(by.partnerId, count + 1);
    try {
      return await search(query, by);
    } finally {
      const left = (underWay.get(by.partnerId) ?? 1) - 1;
      if (left === 0) underWay.delete(by.partnerId);
      else underWay.set(by.partnerId, left);
    }
  };
}
