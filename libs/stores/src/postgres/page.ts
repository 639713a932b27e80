/** A page of a list, newest first: ids are time-ordered. `after` is the last id of the page before. */
export type Page = { readonly after: string | undefined; readonly limit: number };

/** The condition that leaves out the pages before. */
export function idsBefore(after: string | undefined): { id?: { lt: string } } {
  return after === undefined ? {} : { id: { lt: after } };
}

export function optionalDate(atMs: number | undefined): Date | null {
  return atMs === undefined ? null : new Date(atMs);
}
