import { Link } from '@tanstack/react-router';

export type Tab<Name extends string> = {
  readonly name: Name;
  readonly label: string;
  readonly count?: number | undefined;
};

type Props<Name extends string> = {
  /** What they are parts of. */
  readonly label: string;
  readonly tabs: readonly Tab<Name>[];
  readonly current: Name;
};

/** Parts of a page, each with an address of its own: links, not tabs of a widget. */
export function Tabs<Name extends string>({ label, tabs, current }: Props<Name>) {
  const first = tabs[0]?.name;
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ name, label: text, count }) => (
        <Link
          key={name}
          to="."
          search={(before: Record<string, unknown>) => ({
            ...before,
            tab: name === first ? undefined : name,
          })}
          aria-current={name === current ? 'page' : undefined}
          activeProps={{}}
          activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
        >
          {text}
          {count !== undefined && count > 0 && <span className="tab-count">{count}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** The tab that the address names; the first where it names none. */
export function currentTab<Name extends string>(tabs: readonly Tab<Name>[], named: string | undefined): Name {
  const [first] = tabs;
  if (first === undefined) throw new Error('a page without tabs');
  return tabs.find(({ name }) => name === named)?.name ?? first.name;
}
