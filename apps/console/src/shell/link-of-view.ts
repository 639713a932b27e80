type Search = Readonly<Record<string, string | undefined>>;

/** What of an address goes along with the clock, as it stands now. */
export type Stand = (search: Search, nowMs: number) => Search;

/** The address of exactly what is seen, for somebody who opens it elsewhere and later. */
export function linkOfView(href: string, zone: string, stand: (search: Search) => Search): string {
  const url = new URL(href);
  const before = Object.fromEntries(url.searchParams);
  const standing = { ...before, ...stand(before), zone };
  for (const [name, value] of Object.entries(standing)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.href;
}
