import { memo, type ReactNode } from 'react';
import { useIntl } from 'react-intl';
import { useText } from '../i18n/use-text.ts';
import { visible } from './visible.tsx';

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

/**
 * On a narrow screen each row is a card, with the heads of the columns as names. The keys of the page go to its rows.
 * Where the columns stay the same (`useMemo`), only rows that have changed are drawn again.
 */
export function Table<T>({ label, columns, rows, rowKey, selection }: Props<T>) {
  const text = useText();
  const { locale } = useIntl();
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
              {capitalised(head, locale)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={rowKey(row)}
            of={rowKey(row)}
            row={row}
            columns={columns}
            isSelected={selection?.selected.has(rowKey(row))}
            toggle={selection?.toggle}
          />
        ))}
      </tbody>
    </table>
  );
}

/** Heads are words of a sentence elsewhere. */
function capitalised(head: string, locale: string): string {
  return head.charAt(0).toLocaleUpperCase(locale) + head.slice(1);
}

type RowProps<T> = Pick<Props<T>, 'columns'> & {
  readonly of: string;
  readonly row: T;
  /** Undefined: nothing is chosen of these. */
  readonly isSelected: boolean | undefined;
  readonly toggle: Selection['toggle'] | undefined;
};

// `memo` forgets that the row and its columns belong together.
const Row = memo(RowOf) as typeof RowOf;

function RowOf<T>({ of, row, columns, isSelected, toggle }: RowProps<T>) {
  const { locale } = useIntl();
  return (
    <tr data-key={of} tabIndex={-1}>
      {isSelected !== undefined && <Selects of={of} isSelected={isSelected} toggle={toggle} />}
      {columns.map(({ id, head, cell, end, wide, tight }) => (
        <td
          key={id}
          data-head={capitalised(head, locale)}
          className={[end && 'end', wide && 'wide', tight && 'tight'].filter(Boolean).join(' ')}
        >
          {visible(cell(row))}
        </td>
      ))}
    </tr>
  );
}

function Selects({ of, isSelected, toggle }: Pick<RowProps<unknown>, 'of' | 'isSelected' | 'toggle'>) {
  const text = useText();
  return (
    <td className="selects" data-head={text('ui.select')}>
      <input
        type="checkbox"
        data-selects
        aria-label={text('ui.selectOne', { what: of })}
        checked={isSelected === true}
        onChange={() => toggle?.(of)}
      />
    </td>
  );
}
