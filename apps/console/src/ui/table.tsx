import type { ReactNode } from 'react';

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
};

/** On a narrow screen each row is a card, with the heads of the columns as names. */
export function Table<T>({ label, columns, rows, rowKey }: Props<T>) {
  return (
    <table className="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ id, head, end }) => (
            <th key={id} scope="col" className={end ? 'end' : undefined}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={rowKey(row)}>
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
