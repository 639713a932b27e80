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

/**
 * A page sorted by time, newest first, looked for in a short time before its end and only then further back. A
 * server that sorts all that a query finds, instead of reading its index backwards, sorts little that way: over a
 * million messages that is milliseconds instead of seconds. `page` gets the time from which on to look.
 */
export async function newestFirst<T>(
  wanted: NewestFirst,
  page: (fromMs: number | undefined) => Promise<T[]>,
): Promise<T[]> {
  const endMs = wanted.after?.acceptedAtMs ?? wanted.toMs ?? Date.now();
  for (const windowMs of WINDOWS_MS) {
    const fromMs = endMs - windowMs;
    if (wanted.fromMs !== undefined && fromMs <= wanted.fromMs) break;
    const found = await page(fromMs);
    if (found.length >= wanted.limit) return found;
  }
  return page(wanted.fromMs);
}
