const PAGE = 10;

/** Where a key leads from a place; undefined for keys that lead nowhere. */
export function moved(key: string, place: number, count: number): number | undefined {
  const to: Readonly<Record<string, number>> = {
    ArrowLeft: place - 1,
    ArrowRight: place + 1,
    PageUp: place - PAGE,
    PageDown: place + PAGE,
    Home: 0,
    End: count - 1,
  };
  const next = to[key];
  return next === undefined ? undefined : Math.min(Math.max(next, 0), count - 1);
}

/** From the earlier place to the later one. */
export function between(a: number, b: number): readonly [number, number] {
  return [Math.min(a, b), Math.max(a, b)];
}
