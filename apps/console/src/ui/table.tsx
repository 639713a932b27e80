import type { ReactNode } from 'react';
import { useText } from '../i18n/use-text.ts';

/** What of the rows is chosen, to do something with all of it. */
export type Selection = {
  readonly selected: ReadonlySet<string>;
  readonly toggle: (key: string) => void;
};

export type Column<T> = {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: T) => ReactNode;
  /** Figures stand at the end, one below the other. */
  readonly end?: boolean;
  /** Takes what room there is. */
  readonly wide?: boolean;
  /** As narrow as what stands in it. */
  readonly tight?: boolean;
};

type Props<T> = {
  /** What its rows are; read out, not shown. */
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly selection?: Selection | undefined;
};

/** On a narrow screen each row is a card, with the heads of the columns as names. The keys of the page go to its rows. */
export function Table<T>({ label, columns, rows, rowKey, selection }: Props<T>) {
  const text = useText();
  return (
    <table className="table" aria-label={label}>
      <thead>
        <tr>
          {selection !== undefined && (
            <th scope="col" className="selects">
              <span className="visually-hidden">{text('ui.select')}</span>
            </th>
          )}
          {columns.map(({ id, head, end }) => (
            <th key={id} scope="col" className={end ? 'end' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)} data-key={rowKey(row)} tabIndex={-1}>
            {selection !== undefined && <Selects of={rowKey(row)} {...selection} />}
            {columns.map(({ id, head, cell, end, wide, tight }) => (
              <td
                key={id}
                data-head={head}
                className={[end && 'end', wide && 'wide', tight && 'tight'].filter(Boolean).join(' ')}
              >
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Selects({ of, selected, toggle }: Selection & { readonly of: string }) {
  const text = useText();
  return (
    <td className="selects" data-head={text('ui.select')}>
      <input
        type="checkbox"
        data-selects
        aria-label={text('ui.selectOne', { what: of })}
        checked={selected.has(of)}
        onChange={() => toggle(of)}
      />
    </td>
  );
}
