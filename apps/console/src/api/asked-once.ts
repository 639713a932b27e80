/** Of a query: its answer is kept while the page is open, and is stale only when a write says so. */
export const ASKED_ONCE = { staleTime: Number.POSITIVE_INFINITY, gcTime: Number.POSITIVE_INFINITY } as const;
