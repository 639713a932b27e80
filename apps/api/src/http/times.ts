/** ISO 8601 UTC of milliseconds since the epoch; null for none, as JSON has no undefined. */
export function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : iso(ms);
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Milliseconds since the epoch of a checked ISO 8601 text. */
export function msOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Date.parse(text);
}

/** For nullable fields of a patch: absent stays absent, null becomes undefined. */
export function noNull<T>(value: T | null): T | undefined {
  return value === null ? undefined : value;
}

/** A range of times as stores take it: what is not said is left out. */
export function rangeOf(query: { from?: string | undefined; to?: string | undefined } = {}) {
  return {
    ...(query.from !== undefined && { fromMs: Date.parse(query.from) }),
    ...(query.to !== undefined && { toMs: Date.parse(query.to) }),
  };
}
