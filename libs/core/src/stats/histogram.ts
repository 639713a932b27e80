/**
 * Times in buckets whose bounds grow by a tenth each. Histograms of any two times add up, and what is read out of their
 * sum is within 5 % of what all the times together would have said.
 */
export type Histogram = ReadonlyMap<number, number>;

/** The stores count with the same base. */
export const BUCKET_BASE = 1.1;

/** The bucket of a time of some milliseconds; whatever is below one counts as one. */
export function bucketOf(ms: number): number {
  return Math.max(0, Math.ceil(Math.log(Math.max(1, ms)) / Math.log(BUCKET_BASE) - 1e-9));
}

/** In milliseconds: the value that is nearest, in proportion, to all of a bucket. */
export function timeOf(bucket: number): number {
  return Math.max(1, Math.round((2 * BUCKET_BASE ** bucket) / (BUCKET_BASE + 1)));
}

export function addHistograms(a: Histogram, b: Histogram): Histogram {
  const sum = new Map(a);
  for (const [bucket, count] of b) sum.set(bucket, (sum.get(bucket) ?? 0) + count);
  return sum;
}

/** The time within which at least this part of all was; undefined where there was none. */
export function quantileOf(histogram: Histogram, part: number): number | undefined {
  const ordered = [...histogram].sort(([a], [b]) => a - b);
  const wanted = ordered.reduce((sum, [, count]) => sum + count, 0) * part;
  let passed = 0;
  for (const [bucket, count] of ordered) {
    passed += count;
    if (passed >= wanted && count > 0) return timeOf(bucket);
  }
  return undefined;
}
