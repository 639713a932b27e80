import type { FilterWarning } from './filter-look.ts';

export type TypeLook = {
  look(message: { readonly type: string }): void;
  warnings(considered: number): FilterWarning[];
};

/** Types that are asked for and may be misspelt: no message of late has them. `granted`: types that may come; empty: all. */
export function lookForTypes(types: readonly string[], granted: readonly string[] = []): TypeLook {
  const seen = new Set<string>();
  return {
    look: ({ type }) => seen.add(type),
    warnings: (considered) =>
      [...new Set(types)].flatMap((type) => {
        const reason = warningOf(type, { isSeen: seen.has(type), granted, considered });
        return reason === undefined ? [] : [{ path: 'type', reason }];
      }),
  };
}

type Known = { readonly isSeen: boolean; readonly granted: readonly string[]; readonly considered: number };

function warningOf(type: string, { isSeen, granted, considered }: Known): string | undefined {
  if (granted.length > 0)
    return granted.includes(type) ? undefined : `the grant does not let ${type} through`;
  if (isSeen || considered === 0) return undefined;
  return `none of the newest messages (${considered} looked at) is of type ${type}`;
}
