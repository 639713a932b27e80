import { Failure } from '@anika/core/failures';

/** The last hour, day and month: what is asked for is mostly new. */
const WINDOWS_MS = [3_600_000, 86_400_000, 30 * 86_400_000];

export type NewestFirst = {
  readonly limit: number;
  /** Nothing before it is asked for. */
  readonly fromMs?: number | undefined;
  /** Nothing from it on is asked for; default now. It decides how much is looked at first, never what is found. */
  readonly toMs?: number | undefined;
  /** The last item of the page before, which this one goes on from: it ends before `toMs`. */
  readonly after?: { readonly acceptedAtMs: number } | undefined;
};

/** So long a search may take in the server, each time it looks; see `maxTimeMS`. */
export const SEARCH_MAX_MS = 2000;
/** What a page says that the server did not finish in time. */
export const LATE = Symbol('late');
/** Where an hour is too much for one look. */
const SHORT_WINDOWS_MS = [60_000, 1000];

export type Found<T> = {
  readonly items: readonly T[];
  /** Nothing before it was looked at; undefined: all was, or the page is full. */
  readonly fromMs: number | undefined;
};

/**
 * A page sorted by time, newest first, looked for in a short time before its end and only then further back. A
 * server that sorts all that a query finds, instead of reading its index backwards, sorts little that way: over a
 * million messages that is milliseconds instead of seconds. `page` gets the time from which on to look.
 */
export async function newestFirst<T>(
  wanted: NewestFirst,
  page: (fromMs: number | undefined) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  return (await newestInTime(wanted, page)).items;
}

/**
 * The same; where the server takes too long, the page ends with what a shorter time had.
 * @throws Failure `search-too-costly` where one second takes too long
 */
export async function newestInTime<T>(
  wanted: NewestFirst,
  page: (fromMs: number | undefined) => Promise<readonly T[] | typeof LATE>,
): Promise<Found<T>> {
  const endMs = wanted.after?.acceptedAtMs ?? wanted.toMs ?? Date.now();
  let before: Found<T> | undefined;
  for (const fromMs of [...windowsBefore(endMs, wanted.fromMs), wanted.fromMs]) {
    const items = await page(fromMs);
    if (items === LATE) return before ?? shorterPage(endMs, page);
    if (items.length >= wanted.limit) return { items, fromMs: undefined };
    before = { items, fromMs };
  }
  return { items: before?.items ?? [], fromMs: undefined };
}

function windowsBefore(endMs: number, fromMs: number | undefined): number[] {
  return WINDOWS_MS.map((windowMs) => endMs - windowMs).filter((at) => fromMs === undefined || at > fromMs);
}

async function shorterPage<T>(
  endMs: number,
  page: (fromMs: number) => Promise<readonly T[] | typeof LATE>,
): Promise<Found<T>> {
  for (const windowMs of SHORT_WINDOWS_MS) {
    const fromMs = endMs - windowMs;
    const items = await page(fromMs);
    if (items !== LATE) return { items, fromMs };
  }
  throw new Failure(
    'search-too-costly',
    `To look through the messages of one second takes longer than ${SEARCH_MAX_MS / 1000} s: give a topicId, a type, a key or a shorter condition`,
  );
}
