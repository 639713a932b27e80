import type { Document, Filter } from 'mongodb';
import { filterQuery } from './filter-query.ts';
import { classConditions, mergeScopes } from './merge-scopes.ts';
import { type MessageDocument, NOT_RECALLED } from './message-document.ts';
import type { MessageSearch, SearchScope, TimeCursor } from './message-search.ts';

/** Clocks of two machines differ by less. */
const AHEAD_MS = 60_000;

/** What is scheduled stands at the end of its topic: it is not read to be left out. */
export function upToNow(search: MessageSearch): MessageSearch {
  if (search.isScheduled) return search;
  return { ...search, toMs: Math.min(search.toMs ?? Number.POSITIVE_INFINITY, Date.now() + AHEAD_MS) };
}

export function timeCondition(fromMs?: number, toMs?: number): { $gte?: Date; $lt?: Date } | undefined {
  if (fromMs === undefined && toMs === undefined) return undefined;
  return {
    ...(fromMs !== undefined && { $gte: new Date(fromMs) }),
    ...(toMs !== undefined && { $lt: new Date(toMs) }),
  };
}

/** Strictly after the cursor in a list sorted by time and id, newest first. */
export function afterCursor(after: TimeCursor): Document {
  const at = new Date(after.acceptedAtMs);
  return { $or: [{ acceptedAt: { $lt: at } }, { acceptedAt: at, _id: { $lt: after.id } }] };
}

export function searchQuery(search: MessageSearch, more: readonly Document[]): Filter<MessageDocument> {
  const sent = search.isScheduled ? { dueAt: { $exists: true } } : { unsent: { $exists: false } };
  const and: Document[] = [...more, NOT_RECALLED, sent, { isNotice: { $exists: false } }];
  const time = timeCondition(search.fromMs, search.toMs);
  if (time !== undefined) and.push({ acceptedAt: time });
  if (search.type !== undefined) and.push({ type: search.type });
  if (search.key !== undefined) and.push({ key: search.key });
  if (search.after !== undefined) {
    // Said again, so that every server reads its index from there.
    and.push({ acceptedAt: { $lte: new Date(search.after.acceptedAtMs) } }, afterCursor(search.after));
  }
  and.push(mergeScopes(search.scopes, scopeConditions));
  return { $and: and } as Filter<MessageDocument>;
}

function scopeConditions(scope: SearchScope): Document[] {
  return [
    ...scope.filters.map(filterQuery),
    ...classConditions(scope),
    ...(scope.sinceMs === undefined ? [] : [{ acceptedAt: { $gte: new Date(scope.sinceMs) } }]),
  ];
}
