type Page<T> = { readonly data: { readonly items: readonly T[]; readonly nextCursor: string | null } };

/** Of a list that names are looked up in: beyond these the ids are shown. */
const PAGES_MAX = 10;

/** The items of all pages, in order. */
export async function everyPage<T>(
  ask: (cursor: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let n = 0; n < PAGES_MAX; n += 1) {
    const { data } = await ask(cursor);
    items.push(...data.items);
    if (data.nextCursor === null) break;
    cursor = data.nextCursor;
  }
  return items;
}
