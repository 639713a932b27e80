import type { Grant } from '@anika/core/access';
import type { Filter } from '@anika/core/filter';
import type { TopicId } from '@anika/core/ids';
import type { SearchScope } from '@anika/stores/mongo/message-search';

/** What of a topic may be read: all by its owner, what the grant lets through by a reader. */
export function scopeOf(
  topicId: TopicId,
  grant: Grant | undefined,
  filters: readonly Filter[] = [],
): SearchScope {
  if (grant === undefined) return { topicId, filters };
  return {
    topicId,
    readerId: grant.partnerId,
    types: grant.types,
    ...(!grant.history && { sinceMs: grant.validFromMs }),
    filters: [...(grant.filter === undefined ? [] : [grant.filter]), ...filters],
  };
}
