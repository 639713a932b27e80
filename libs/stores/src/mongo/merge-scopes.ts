import type { TopicId } from '@anika/core/ids';
import type { Document } from 'mongodb';
import type { SearchScope } from './message-search.ts';

/** Scopes that ask the same of different topics become one condition. */
export function mergeScopes(
  scopes: readonly SearchScope[],
  conditionsOf: (scope: SearchScope) => Document[],
): Document {
  const merged = new Map<string, { topicIds: TopicId[]; rest: Document[] }>();
  for (const scope of scopes) {
    const rest = conditionsOf(scope);
    const same = JSON.stringify(rest);
    const entry = merged.get(same);
    if (entry === undefined) merged.set(same, { topicIds: [scope.topicId], rest });
    else entry.topicIds.push(scope.topicId);
  }
  const conditions = [...merged.values()].map(({ topicIds, rest }) => ({
    topicId: topicIds.length === 1 ? topicIds[0] : { $in: topicIds },
    ...(rest.length > 0 && { $and: rest }),
  }));
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined ? only : { $or: conditions };
}

/** What a reader is let see by audience and type: what can be told of a message without its data. */
export function classConditions({ readerId, types }: SearchScope): Document[] {
  return [
    ...(readerId === undefined ? [] : [{ $or: [{ audience: { $exists: false } }, { audience: readerId }] }]),
    ...(types === undefined || types.length === 0 ? [] : [{ type: { $in: types } }]),
  ];
}
