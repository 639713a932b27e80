import type { ReactNode } from 'react';
import { useIntl } from 'react-intl';
import { AsApiCall } from '../api/as-api-call.tsx';
import type { ListQuery } from '../api/use-api.ts';
import { useText } from '../i18n/use-text.ts';
import { Button } from './button.tsx';
import { Freshness } from './freshness.tsx';
import { Problem } from './problem.tsx';
import { type Column, type Selection, Table } from './table.tsx';
import { Waiting } from './waiting.tsx';

type Props<T> = {
  readonly label: string;
  readonly list: ListQuery<T>;
  readonly columns: readonly Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly empty: ReactNode;
  /** What the list is narrowed down by. */
  readonly filters?: ReactNode;
  readonly selection?: Selection;
  /** With what is chosen of it. */
  readonly bulk?: ReactNode;
};

/** A list of the API: what it is narrowed by, as of when, its rows, and more of them. */
export function List<T>({ label, list, columns, rowKey, empty, filters, selection, bulk }: Props<T>) {
  const { items, isLoading, error, more, isLoadingMore } = list;
  // What is there stays, as of when it was; the page says what is away.
  const isPassing = items.length > 0 && error?.retryable === true;
  return (
    <div className="list">
      <div className="list-bar">
        <div className="list-filters">{filters}</div>
        <div className="list-facts">
          <Count list={list} />
          {list.call !== undefined && <AsApiCall call={list.call} />}
          <Freshness {...list} failed={error !== null} />
        </div>
      </div>
      {error !== null && !isPassing && <Problem problem={error} onRetry={list.refresh} />}
      {isLoading && error === null && <Waiting />}
      {!isLoading && error === null && items.length === 0 && more === undefined && empty}
      {items.length > 0 && bulk}
      {items.length > 0 && (
        <Table label={label} columns={columns} rows={items} rowKey={rowKey} selection={selection} />
      )}
      {more !== undefined && <More onPress={more} busy={isLoadingMore} />}
    </div>
  );
}

function Count({ list: { items, more } }: { readonly list: Pick<ListQuery<unknown>, 'items' | 'more'> }) {
  const text = useText();
  const intl = useIntl();
  if (items.length === 0) return null;
  const shown = intl.formatNumber(items.length);
  return (
    <span className="list-count" role="status">
      {text(more === undefined ? 'ui.shown' : 'ui.shownOfMore', { count: items.length, shown })}
    </span>
  );
}

function More({ onPress, busy }: { readonly onPress: () => void; readonly busy: boolean }) {
  const text = useText();
  return (
    <div className="list-more">
      <Button onPress={onPress} busy={busy}>
        {text('ui.more')}
      </Button>
    </div>
  );
}
