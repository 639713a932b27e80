import type { ListQuery } from '../../src/api/use-api.ts';
import { Empty } from '../../src/ui/empty.tsx';
import { List } from '../../src/ui/list.tsx';
import { HOSTILE, LONG, listOf, nothing, problemOf, UNBROKEN } from '../facts.ts';
import { COLUMNS, type Row, rowsOf } from '../rows.tsx';

const ROWS = rowsOf('car.selected', HOSTILE, LONG, UNBROKEN);

function Shown({ of, label = 'Messages' }: { readonly of: ListQuery<Row>; readonly label?: string }) {
  return (
    <List
      label={label}
      list={of}
      columns={COLUMNS}
      rowKey={({ id }) => id}
      empty={<Empty icon="message" title="No messages yet" hint="Publish the first one." />}
    />
  );
}

export const Rows = () => <Shown of={listOf(ROWS)} />;
export const More = () => <Shown of={listOf(ROWS, { more: nothing })} label="More" />;
export const LoadingMore = () => (
  <Shown of={listOf(ROWS, { more: nothing, isLoadingMore: true })} label="Loading more" />
);
export const Loading = () => <Shown of={listOf([], { isLoading: true, updatedAtMs: 0 })} />;
export const Nothing = () => <Shown of={listOf([])} />;
export const Failed = () => <Shown of={listOf([], { error: problemOf('unavailable', { status: 503 }) })} />;
export const FailedForGood = () => (
  <Shown of={listOf([], { error: problemOf('forbidden', { status: 403 }) })} />
);
export const FailedWithRowsFromBefore = () => (
  <Shown of={listOf(ROWS, { error: problemOf('unavailable', { status: 503 }) })} label="From before" />
);
