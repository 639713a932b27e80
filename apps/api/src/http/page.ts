import { invalid } from '@anika/core/failures';

/** A page as it is answered. */
export type Page<T> = { readonly items: readonly T[]; readonly nextCursor: string | null };

/** What a list asks its store for: one more than the page holds, to see whether there is another. */
export type PageRequest = { readonly after: string | undefined; readonly limit: number };

/** Lists ordered by id: the cursor is the last id of the page before. */
export function pageRequest(query: { limit: number; cursor?: string | undefined }): PageRequest {
  if (query.cursor !== undefined && !/^[a-z]{3}_[0-9a-z]{16,64}$/.test(query.cursor)) {
    throw invalid('cursor', 'is not a nextCursor of this list');
  }
  return { after: query.cursor, limit: query.limit + 1 };
}

/**
 * What a page holds of JSON at most, about; one item always. Answers are in memory until they are read, and items may be
 * as large as a schema or a filter.
 */
export const PAGE_BYTES = 1_000_000;

/** Cuts what was found for `pageRequest` to the page and shows each item. */
export function pageOf<T, V>(
  found: readonly T[],
  limit: number,
  as: { cursor: (item: T) => string; view: (item: T) => V },
): Page<V> {
  const items: V[] = [];
  let bytes = 0;
  for (const one of found.slice(0, limit)) {
    const view = as.view(one);
    bytes += Buffer.byteLength(JSON.stringify(view));
    if (items.length > 0 && bytes > PAGE_BYTES) break;
    items.push(view);
  }
  const last = found[items.length - 1];
  return {
    items,
    nextCursor: found.length > items.length && last !== undefined ? as.cursor(last) : null,
  };
}

export type TimeCursor = { readonly acceptedAtMs: number; readonly id: string };

/** Lists ordered by time, then id. */
export function encodeTimeCursor({ acceptedAtMs, id }: TimeCursor): string {
  return Buffer.from(`${acceptedAtMs} ${id}`).toString('base64url');
}

export function decodeTimeCursor(cursor: string | undefined): TimeCursor | undefined {
  if (cursor === undefined) return undefined;
  const match = /^(\d{1,15}) ([a-z]{3}_[0-9a-z]{16,64})$/.exec(Buffer.from(cursor, 'base64url').toString());
  const [, at, id] = match ?? [];
  if (at === undefined || id === undefined) throw invalid('cursor', 'is not a nextCursor of this list');
  return { acceptedAtMs: Number(at), id };
}
