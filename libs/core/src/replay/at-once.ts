const LEAST = 8;
const FIRST = 32;
/** Memory is bounded. */
const MOST = 500;

type Look = {
  /** How many wait for their first request. */
  readonly pending: number;
  /** Whether the dispatcher has no time left for more. */
  readonly isBusy: boolean;
};

/**
 * How many deliveries of a replay may wait for their first request, from one look to the next; undefined before the
 * first. Its endpoint sets the pace; but where the dispatcher is what they wait for, new messages of others would wait
 * beside them, and fewer are started.
 */
export function nextAtOnce(atOnce: number | undefined, { pending, isBusy }: Look): number {
  if (atOnce === undefined) return FIRST;
  if (!isBusy) return Math.min(MOST, Math.ceil(atOnce * 1.5));
  return pending > atOnce / 4 ? Math.max(LEAST, Math.floor(atOnce / 2)) : atOnce;
}
